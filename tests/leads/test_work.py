"""What staff do with a lead: move it, write about it, call, assign, plan; each leaves its line and its audit row."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from kroi.accounts import audit
from kroi.accounts.models import AuditEntry, User
from kroi.core import clock, events
from kroi.core.errors import Conflict, Invalid, NotFound
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.leads import queries, service
from kroi.leads.events import LeadAssigned, LeadMoved
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.rules import CallOutcome, InquiryDraft, Interest, LeadStatus, LostReason, Source
from tests.leads.asking import leads, send
from tests.support.client import Client

Do = Callable[[Lead], object]


@pytest.fixture
def lead(client: Client) -> int:
    """A lead that waits for its first answer."""
    send(client, "/contact")
    return leads()[0].id


def do(lead_id: int, what: Do, by: User | None = None) -> Lead:
    """Do something to a lead in a transaction of its own, and read it again."""
    with audit.acting_as(by.id if by else None), transaction():
        what(queries.lock(lead_id))
    session.expire_all()
    return queries.get(lead_id)


def walk(lead_id: int, *targets: LeadStatus) -> Lead:
    """Move a lead from status to status."""
    for target in targets:
        reason = "other" if target is LeadStatus.LOST else None
        do(lead_id, lambda lead, to=target, why=reason: service.change_status(lead, to, reason=why))  # type: ignore[misc]
    return queries.get(lead_id)


def last_line() -> Activity:
    """What happened last."""
    return session.scalars(select(Activity).order_by(Activity.id.desc())).first()  # type: ignore[return-value]


def last_entry() -> AuditEntry:
    """What was audited last."""
    return session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()  # type: ignore[return-value]


def test_a_move_is_remembered_with_who_made_it(lead: int, ana: User) -> None:
    moved = do(lead, lambda it: service.change_status(it, LeadStatus.CONTACTED), by=ana)
    assert moved.status is LeadStatus.CONTACTED and moved.first_answer_at is not None
    line, entry = last_line(), last_entry()
    assert (line.kind, line.by_id, line.facts) == (ActivityKind.STATUS, ana.id, {"before": "new", "after": "contacted"})
    assert (entry.action, entry.actor_id, entry.subject_id) == ("lead.moved", ana.id, lead)


def test_a_move_that_the_table_does_not_have_changes_nothing(lead: int) -> None:
    with pytest.raises(Conflict, match="cannot go from"):
        do(lead, lambda it: service.change_status(it, LeadStatus.WON))
    with pytest.raises(Conflict, match="there already"):
        do(lead, lambda it: service.change_status(it, LeadStatus.NEW))
    assert queries.get(lead).status is LeadStatus.NEW and last_line().kind is ActivityKind.RECEIVED


@pytest.mark.parametrize("reason", [None, "", "because", "LOST"])
def test_lost_needs_one_of_the_reasons(lead: int, reason: str | None) -> None:
    with pytest.raises(Invalid, match="why"):
        do(lead, lambda it: service.change_status(it, LeadStatus.LOST, reason=reason))


def test_a_lost_lead_says_why_until_it_is_reopened(lead: int) -> None:
    lost = do(lead, lambda it: service.change_status(it, LeadStatus.LOST, reason="price"))
    assert lost.lost_reason is LostReason.PRICE and lost.first_answer_at is None
    assert walk(lead, LeadStatus.CONTACTED).lost_reason is None


def test_a_sale_is_opened_again_with_words(lead: int, boris: User) -> None:
    walk(lead, LeadStatus.CONTACTED, LeadStatus.APPOINTMENT, LeadStatus.WON)
    with pytest.raises(Invalid):
        do(lead, lambda it: service.change_status(it, LeadStatus.NEGOTIATING, reason=" "))
    again = do(lead, lambda it: service.change_status(it, LeadStatus.NEGOTIATING, reason="Loan fell through"), by=boris)
    assert again.status is LeadStatus.NEGOTIATING
    assert last_line().text == "Loan fell through" and "Loan" not in str(last_entry().details)


def test_what_was_called_spam_may_come_back(lead: int) -> None:
    assert walk(lead, LeadStatus.SPAM).spam_reason == "staff"
    assert walk(lead, LeadStatus.NEW).spam_reason is None


def test_a_note_is_kept_as_written_and_audited_without_its_words(lead: int, ana: User) -> None:
    do(lead, lambda it: service.add_note(it, " Prefers evenings 🌙 "), by=ana)
    assert last_line().text == "Prefers evenings 🌙"
    assert last_entry().details == {"activity": last_line().id}


@pytest.mark.parametrize("text", ["", "  \x00 ", "x" * 4001])
def test_a_note_says_something_and_not_too_much(lead: int, text: str) -> None:
    with pytest.raises(Invalid):
        do(lead, lambda it: service.add_note(it, text))


@pytest.mark.parametrize(
    ("outcome", "answers"),
    [(CallOutcome.REACHED, True), (CallOutcome.LEFT_MESSAGE, True), (CallOutcome.NO_ANSWER, False)],
)
def test_a_call_that_gets_through_is_an_answer(lead: int, outcome: CallOutcome, answers: bool) -> None:
    called = do(lead, lambda it: service.log_call(it, outcome))
    assert (called.first_answer_at is not None) is answers
    assert last_line().facts == {"outcome": outcome.value}


def test_the_first_answer_is_the_first(lead: int) -> None:
    first = do(lead, lambda it: service.log_call(it, CallOutcome.REACHED)).first_answer_at
    assert walk(lead, LeadStatus.CONTACTED).first_answer_at == first


def test_a_lead_is_given_and_taken_back(lead: int, ana: User, boris: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(events, "publish", told.append)
    assert do(lead, lambda it: service.assign(it, ana, "Knows vans"), by=boris).assignee_id == ana.id
    assert last_line().text == "Knows vans" and last_line().facts == {"before": None, "after": ana.id, "how": "hand"}
    do(lead, lambda it: service.assign(it, ana), by=boris)
    assert do(lead, lambda it: service.assign(it, None), by=boris).assignee_id is None
    assert told == [LeadAssigned(lead, ana.id)], "giving it again to the same person says nothing"


def test_who_left_gets_no_leads(lead: int, ana: User) -> None:
    with transaction():
        ana.active = False
    with pytest.raises(Conflict):
        do(lead, lambda it: service.assign(it, ana))


def test_a_free_lead_is_claimed_once(lead: int, ana: User, boris: User) -> None:
    assert do(lead, lambda it: service.claim(it, ana), by=ana).assignee_id == ana.id
    do(lead, lambda it: service.claim(it, ana), by=ana)
    with pytest.raises(Conflict):
        do(lead, lambda it: service.claim(it, boris), by=boris)


def test_a_task_is_planned_and_done_once(lead: int, ana: User) -> None:
    due = clock.now() + timedelta(days=1)
    do(lead, lambda it: service.add_task(it, "Call back", due), by=ana)
    task_id = last_line().facts["task"]
    for _ in range(2):
        with audit.acting_as(ana.id), transaction():
            service.finish_task(queries.lock_task(lead, task_id))
    with transaction():
        task = queries.lock_task(lead, task_id)
    assert (task.text, task.due_at, task.by_id, task.done_by_id) == ("Call back", due, ana.id, ana.id)
    assert [
        line.facts["done"] for line in session.scalars(select(Activity).where(Activity.kind == ActivityKind.TASK))
    ] == [False, True]


def test_a_task_of_another_lead_is_not_found(client: Client, lead: int) -> None:
    send(client, "/contact", message="Another")
    do(lead, lambda it: service.add_task(it, "Call back", clock.now()))
    with pytest.raises(NotFound), transaction():
        queries.lock_task(leads()[1].id, last_line().facts["task"])


def test_a_walk_in_is_a_lead_like_any_other_and_nobody_is_mailed(
    app: object, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(events, "publish", told.append)
    draft = InquiryDraft("Walter", phone="040 111 2222", message="Stood by the van", interest=Interest.TRADE_IN)
    for _ in range(2):
        with audit.acting_as(ana.id), transaction():
            made = service.add_walk_in(draft, source=Source.PHONE, assignee=ana)
    (lead,) = leads()
    assert (made.id, lead.source, lead.assignee_id, lead.score, told) == (lead.id, Source.PHONE, ana.id, 45, [])


def test_open_leads_are_counted_of_all_or_of_one(client: Client, lead: int, ana: User) -> None:
    send(client, "/contact", message="Another")
    do(lead, lambda it: service.assign(it, ana))
    assert (queries.count_open(), queries.count_open(ana.id)) == (2, 1)
    walk(lead, LeadStatus.SPAM)
    assert (queries.count_open(), queries.count_open(ana.id)) == (1, 0)


def test_another_dealerships_lead_does_not_exist(lead: int, there: Dealership) -> None:
    with acting_for(there.id):
        with pytest.raises(NotFound):
            queries.get(lead)
        assert queries.count_open() == 0


def test_other_rooms_hear_of_moves(lead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(events, "publish", told.append)
    walk(lead, LeadStatus.CONTACTED)
    assert told == [LeadMoved(lead, LeadStatus.NEW, LeadStatus.CONTACTED)]
