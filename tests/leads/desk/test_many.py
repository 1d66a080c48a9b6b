"""Many leads are changed at once, each by its own rules, and put back exactly as they were."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.db.model import session
from kroi.leads.inbox.models import BulkChange
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.rules import LeadStatus, LostReason
from tests.leads.clock.asked import ask
from tests.support.client import Client
from tests.support.makers import make_lead

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
WORKED = ("status", "assignee_id", "lost_reason", "spam_reason", "first_answer_at", "answer_due_at", "clock_next_at")


def do(client: Client, deed: str, *leads: Lead, **more: Any) -> str:
    """Do it to these leads; answers where the browser goes then."""
    answer = client.post("/staff/leads/bulk?tab=open", data={"deed": deed, "lead": [each.id for each in leads], **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def undo(client: Client) -> int:
    newest = session.scalars(select(BulkChange.id).order_by(BulkChange.id.desc())).first()
    return client.post(f"/staff/leads/bulk/{newest}/undo").status_code


def now(lead: Lead) -> dict[str, Any]:
    session.expire_all()
    found = session.get_one(Lead, lead.id)
    return {name: getattr(found, name) for name in WORKED}


def test_free_leads_are_taken_at_once_and_the_page_offers_the_way_back(signed_in: SignIn, ana: User) -> None:
    one, two, client = make_lead("One"), make_lead("Two"), signed_in(ana)
    page = client.get(do(client, "take", one, two)).text
    assert "2 leads changed." in page and "Undo" in page
    assert [now(each)["assignee_id"] for each in (one, two)] == [ana.id, ana.id]
    for lead in (one, two):
        kinds = session.scalars(select(Activity.kind).where(Activity.lead_id == lead.id)).all()
        assert ActivityKind.ASSIGNMENT in kinds
        audited = select(AuditEntry.subject_id).where(
            AuditEntry.action == "lead.assigned", AuditEntry.actor_id == ana.id
        )
        assert lead.id in session.scalars(audited).all()


@pytest.mark.parametrize(
    ("deed", "more"),
    [("contacted", {}), ("lost", {"reason": "price"}), ("spam", {}), ("take", {}), ("give_back", {}), ("assign", {})],
)
def test_undo_puts_everything_back_exactly(
    signed_in: SignIn, ana: User, boris: User, deed: str, more: dict[str, Any]
) -> None:
    client = signed_in(boris)
    leads = [make_lead("New", phone="0401234567"), make_lead("Anas", assignee_id=ana.id)]
    before = [now(each) for each in leads]
    do(client, deed, *leads, **(more | ({"user": boris.id} if deed == "assign" else {})))
    changed = [now(each) for each in leads]
    assert changed != before
    assert undo(client) == 303
    assert [now(each) for each in leads] == before
    assert undo(client) == 409


def test_what_is_refused_is_listed_with_the_reason_and_the_rest_is_done(
    signed_in: SignIn, ana: User, boris: User
) -> None:
    mine, theirs, over = make_lead("Mine"), make_lead("Theirs", assignee_id=boris.id), make_lead("Over")
    client = signed_in(ana)
    do(client, "contacted", over)
    page = client.get(do(client, "contacted", mine, theirs, over)).text
    assert "1 lead changed." in page
    assert "Theirs: This lead is being worked by somebody else." in page
    assert "Over: The lead is there already." in page
    assert now(theirs)["status"] is LeadStatus.NEW and now(mine)["status"] is LeadStatus.CONTACTED


@pytest.mark.parametrize(("deed", "more"), [("contacted", {}), ("lost", {"reason": "price"}), ("spam", {})])
def test_undo_starts_the_clock_of_a_question_again(
    signed_in: SignIn, boris: User, deed: str, more: dict[str, Any]
) -> None:
    lead, client = ask(), signed_in(boris)
    before = now(lead)
    assert before["clock_next_at"] is not None
    do(client, deed, lead, **more)
    assert now(lead) != before
    assert undo(client) == 303
    assert now(lead) == before


def test_undo_leaves_alone_what_somebody_changed_since(signed_in: SignIn, ana: User, boris: User) -> None:
    one, two, client = make_lead("One"), make_lead("Two"), signed_in(boris)
    do(client, "contacted", one, two)
    signed_in(ana).post(f"/staff/leads/{one.id}/status", data={"status": "lost", "reason": "price"})
    assert undo(client) == 303
    assert (now(one)["status"], now(one)["lost_reason"]) == (LeadStatus.LOST, LostReason.PRICE)
    assert now(two)["status"] is LeadStatus.NEW
    assert "1 was changed since and stays." in client.get("/staff/leads/").text


def test_undo_is_history_too(signed_in: SignIn, boris: User) -> None:
    lead, client = make_lead(), signed_in(boris)
    do(client, "contacted", lead)
    undo(client)
    (*_, last) = session.scalars(select(Activity).where(Activity.lead_id == lead.id).order_by(Activity.id))
    assert last.facts == {"before": "contacted", "after": "new", "undone": True}
    assert session.scalar(select(AuditEntry.id).where(AuditEntry.action == "lead.restored")) is not None


def test_nobody_undoes_what_somebody_else_did(signed_in: SignIn, ana: User, boris: User, chris: User) -> None:
    lead = make_lead()
    do(signed_in(boris), "contacted", lead)
    newest = session.scalars(select(BulkChange.id)).one()
    clients = [signed_in(ana), signed_in(chris)]
    for other in clients:
        assert other.post(f"/staff/leads/bulk/{newest}/undo").status_code == 404
    assert session.scalars(select(Lead.status)).all() == [LeadStatus.CONTACTED]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"deed": "take"}, 422),
        ({"deed": "dance", "lead": "1"}, 422),
        ({"deed": "assign", "lead": "1"}, 422),
        ({"deed": "assign", "lead": "1", "user": "x"}, 422),
        ({"deed": "take", "lead": ["x", "", "99999999999999999999"]}, 422),
    ],
)
def test_nonsense_is_refused(signed_in: SignIn, boris: User, data: dict[str, Any], status: int) -> None:
    assert signed_in(boris).post("/staff/leads/bulk", data=data).status_code == status


def test_another_dealerships_leads_are_not_there(signed_in: SignIn, chris: User) -> None:
    lead_id = make_lead("Ours").id
    client = signed_in(chris)
    answer = client.post("/staff/leads/bulk", data={"deed": "take", "lead": lead_id})
    page = client.get(answer.headers["Location"]).text
    assert "A lead that is gone: There is no such lead." in page and "Ours" not in page
    assert session.scalars(select(Lead.assignee_id)).all() == [None]


def test_sales_give_no_lead_to_somebody_else(signed_in: SignIn, ana: User, boris: User) -> None:
    lead, client = make_lead("Free one"), signed_in(ana)
    page = client.get(do(client, "assign", lead, user=boris.id)).text
    assert "Only a manager can give a lead to somebody else." in page
    assert now(lead)["assignee_id"] is None
