"""The page of a lead: staff see everything about it and work it, as far as their role goes."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.models import Activity, Lead, Task
from kroi.leads.rules import LeadStatus, LostReason
from tests.support.client import Client
from tests.support.makers import make_car, make_lead
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def post(client: Client, lead: Lead, action: str, **data: Any) -> int:
    return client.post(f"/staff/leads/{lead.id}/{action}", data=data).status_code


def test_it_shows_shopper_car_and_score(signed_in: SignIn, ana: User) -> None:
    lead = make_lead("Anna Aho", phone="040 765 4321", message="Is it there?", car=make_car(model="Q5"))
    page = signed_in(ana).get(f"/staff/leads/{lead.id}").text
    assert all(
        words in page for words in ("Anna Aho", "tel:+358407654321", "Is it there?", "Audi Q5", "Asks about a car")
    )


def test_a_note_is_kept_and_shown(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    assert post(client, lead, "note", text="Calls back on Monday") == 303
    assert "Calls back on Monday" in client.get(f"/staff/leads/{lead.id}").text


def test_htmx_gets_the_lead_alone(signed_in: SignIn, ana: User) -> None:
    lead = make_lead()
    answer = signed_in(ana).post(f"/staff/leads/{lead.id}/note", data={"text": "Hello"}, headers=PARTIAL)
    assert answer.status_code == 200
    assert "<html" not in answer.text and "Hello" in answer.text


@pytest.mark.parametrize(
    ("action", "data", "words"),
    [
        ("note", {"text": " "}, "Write the note first."),
        ("call", {}, "Choose how the call went."),
        ("tasks", {"text": "Call", "due": ""}, "Give a date and a time."),
        ("tasks", {"text": "Call", "due": "tomorrow"}, "Not a valid"),
        ("tasks", {"text": "Call", "due": "0001-01-01T00:00"}, "Give a date of this century."),
        ("tasks", {"text": "Call", "due": "9999-12-31T23:59"}, "Give a date of this century."),
        ("tasks", {"text": "", "due": "2026-12-01T10:00"}, "Write what is to be done."),
    ],
)
def test_what_is_missing_is_said_beside_the_field(
    signed_in: SignIn, ana: User, action: str, data: dict[str, str], words: str
) -> None:
    lead = make_lead()
    answer = signed_in(ana).post(f"/staff/leads/{lead.id}/{action}", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert data.get("text", "").strip() in answer.text


def test_a_status_moves_along_with_history_and_audit(signed_in: SignIn, ana: User) -> None:
    lead = make_lead()
    assert post(signed_in(ana), lead, "status", status="contacted") == 303
    assert session.get_one(Lead, lead.id).status is LeadStatus.CONTACTED
    assert session.scalar(select(AuditEntry.actor_id).where(AuditEntry.action == "lead.moved")) == ana.id
    moved = session.scalars(select(Activity).where(Activity.lead_id == lead.id)).all()[-1]
    assert moved.facts == {"before": "new", "after": "contacted"} and moved.by_id == ana.id


def test_an_illegal_move_is_refused_with_a_sentence(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    answer = client.post(f"/staff/leads/{lead.id}/status", data={"status": "won"})
    assert answer.status_code == 409
    assert "cannot go" in answer.text
    assert session.get_one(Lead, lead.id).status is LeadStatus.NEW
    assert post(client, lead, "status", status="nonsense") == 422


def test_a_lost_lead_says_why(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    assert post(client, lead, "status", status="lost") == 422
    assert post(client, lead, "status", status="lost", reason="price") == 303
    assert session.get_one(Lead, lead.id).lost_reason is LostReason.PRICE
    assert "price" in client.get(f"/staff/leads/{lead.id}").text


def test_a_sale_is_reopened_by_a_manager_with_a_reason(signed_in: SignIn, ana: User, boris: User) -> None:
    lead = make_lead(status=LeadStatus.WON)
    assert post(signed_in(ana), lead, "status", status="negotiating", reason="Bank said no") == 403
    assert post(signed_in(boris), lead, "status", status="negotiating") == 422
    assert post(signed_in(boris), lead, "status", status="negotiating", reason="Bank said no") == 303


def test_a_task_is_planned_in_the_dealerships_time_and_done(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    due = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT12:00")
    assert post(client, lead, "tasks", text="Send pictures", due=due) == 303
    task = session.scalars(select(Task)).one()
    assert task.due_at.hour in (9, 10)  # Helsinki is two or three hours ahead of UTC
    assert post(client, lead, f"tasks/{task.id}") == 303
    assert session.get_one(Task, task.id).done_at is not None
    assert post(client, make_lead(), f"tasks/{task.id}") == 404


def test_a_call_is_logged_and_answers(signed_in: SignIn, ana: User) -> None:
    lead = make_lead()
    assert post(signed_in(ana), lead, "call", outcome="no_answer") == 303
    assert session.get_one(Lead, lead.id).first_answer_at is None
    assert post(signed_in(ana), lead, "call", outcome="reached") == 303
    assert session.get_one(Lead, lead.id).first_answer_at is not None


def test_sales_take_a_free_lead_and_give_it_back_and_no_more(signed_in: SignIn, ana: User, boris: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    assert post(client, lead, "assignment", user=boris.id) == 403
    assert post(client, lead, "assignment", user=ana.id) == 303
    assert session.get_one(Lead, lead.id).assignee_id == ana.id
    assert post(client, lead, "assignment", user=boris.id) == 403
    assert post(client, lead, "assignment", user="") == 303
    assert session.get_one(Lead, lead.id).assignee_id is None


def test_sales_read_a_colleagues_lead_and_cannot_work_it(signed_in: SignIn, ana: User, boris: User) -> None:
    lead, client = make_lead(assignee_id=boris.id), signed_in(ana)
    page = client.get(f"/staff/leads/{lead.id}").text
    assert "works this lead" in page and "Save the note" not in page
    for action, data in {
        "note": {"text": "x"},
        "status": {"status": "contacted"},
        "call": {"outcome": "reached"},
    }.items():
        assert post(client, lead, action, **data) == 403
    assert post(client, lead, "note") == 403


def test_a_manager_gives_a_lead_to_anybody_who_works_here(
    signed_in: SignIn, ana: User, boris: User, chris: User
) -> None:
    lead, client = make_lead(), signed_in(boris)
    assert post(client, lead, "assignment", user=ana.id) == 303
    assert session.get_one(Lead, lead.id).assignee_id == ana.id
    assert post(client, lead, "assignment", user=chris.id) == 422
    assert post(client, lead, "assignment", user="x") == 422


def test_the_page_takes_ten_queries_or_fewer(signed_in: SignIn, boris: User) -> None:
    lead, client = make_lead(car=make_car()), signed_in(boris)
    for number in range(5):
        post(client, lead, "note", text=f"Note {number}")
    with counted_queries() as sent:
        client.get(f"/staff/leads/{lead.id}")
    assert len(sent) <= 10, sent


def test_what_happened_is_narrowed_to_one_kind(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(message="Is it there?"), signed_in(ana)
    post(client, lead, "note", text="Has a dog")
    post(client, lead, "call", outcome="reached")
    page = f"/staff/leads/{lead.id}"
    assert all(said in client.get(page).text for said in ("Has a dog", "called: reached", "Is it there?"))
    with counted_queries() as queries:
        notes = client.get(f"{page}?show=notes").text
    assert len(queries) <= 10
    assert "Has a dog" in notes and "called: reached" not in notes
    assert f'href="{page}?show=notes#timeline" aria-current="true"' in notes
    assert f'href="{page}#timeline" aria-current' not in notes
    assert "called: reached" in client.get(f"{page}?show=calls").text


@pytest.mark.parametrize("nonsense", ["", "visits", "nothing", "%00", "notes&show=calls", "' or 1=1"])
def test_a_kind_that_this_lead_has_none_of_narrows_nothing(signed_in: SignIn, ana: User, nonsense: str) -> None:
    lead, client = make_lead(), signed_in(ana)
    post(client, lead, "call", outcome="reached")
    page = client.get(f"/staff/leads/{lead.id}", query_string={"show": nonsense}).text
    assert "called: reached" in page
    assert f'href="/staff/leads/{lead.id}#timeline" aria-current="true"' in page


def test_htmx_gets_what_happened_alone(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    post(client, lead, "note", text="Has a dog")
    part = client.get(f"/staff/leads/{lead.id}?show=notes", headers=PARTIAL)
    assert part.text.lstrip().startswith("<section") and "Has a dog" in part.text
    assert "HX-Request-Type" in part.headers["Vary"]


def test_what_has_one_kind_alone_offers_no_filter(signed_in: SignIn, ana: User) -> None:
    assert "?show=" not in signed_in(ana).get(f"/staff/leads/{make_lead().id}").text


def test_a_task_that_was_refused_stands_open_with_what_was_typed(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    opened = re.compile(r'<details open><summary aria-label="Add a task"')
    assert not opened.search(client.get(f"/staff/leads/{lead.id}").text)
    refused = client.post(f"/staff/leads/{lead.id}/tasks", data={"text": "Wash it", "due": ""}).text
    assert opened.search(refused) and 'value="Wash it"' in refused
