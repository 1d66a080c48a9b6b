"""Whose time is over is forgotten, to the day; who is expected, or was in touch again, is not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from kroi.accounts.models import AuditEntry, User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules.retention import Terms, ends_on
from kroi.leads import queries as leads
from kroi.leads import service as work
from kroi.leads.files.models import LeadFile
from kroi.leads.files.store import here as papers
from kroi.leads.history.service import happened
from kroi.leads.mail.models import Mail
from kroi.leads.models import ActivityKind, Lead, Person, Task
from kroi.leads.privacy.retention import service
from kroi.leads.privacy.retention.queries import Today
from kroi.leads.rules import CallOutcome, InquiryDraft, LeadStatus
from kroi.leads.visits.models import Appointment
from tests.leads.desk.test_files import PDF
from tests.leads.mail.rows import arrive, letter, written
from tests.support.makers import make_lead, stored

pytestmark = pytest.mark.slow

CAME = datetime(2026, 1, 31, 10, tzinfo=UTC)


@pytest.fixture
def then(here: Dealership) -> Iterator[time_machine.Traveller]:
    """The day on which somebody asks; the clock stands until it is moved."""
    with time_machine.travel(CAME, tick=False) as traveller:
        yield traveller


def left() -> set[str]:
    """Whose leads there are, after the chore ran."""
    service.forget_over()
    session.expire_all()
    return {lead.name for lead in session.query(Lead)}


def setting(here: Dealership, **terms: int) -> None:
    with transaction():
        dealerships.change_profile(here.id, retention=terms)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "marketing", "last_day"),
    [
        (LeadStatus.LOST, False, "2027-01-30"),
        (LeadStatus.NEW, False, "2027-01-30"),
        (LeadStatus.WON, False, "2028-01-30"),
        (LeadStatus.LOST, True, "2028-01-30"),
        (LeadStatus.WON, True, "2028-01-30"),
        (LeadStatus.SPAM, False, "2026-03-01"),
        (LeadStatus.SPAM, True, "2026-03-01"),
    ],
)
def test_each_purpose_has_its_time(
    then: time_machine.Traveller, status: LeadStatus, marketing: bool, last_day: str
) -> None:
    make_lead("Anna Aho", status=status, marketing=marketing)
    then.move_to(at(f"{last_day} 21:59"), tick=False)
    assert left() == {"Anna Aho"}, "the day has not begun in Helsinki"
    then.move_to(at(f"{last_day} 22:00"), tick=False)
    assert left() == set()
    assert session.query(Person).count() == 0
    entry = session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()
    assert entry is not None and entry.details["why"] == "retention"


def test_an_owner_sets_other_times(then: time_machine.Traveller, here: Dealership) -> None:
    make_lead("Anna Aho", status=LeadStatus.LOST)
    setting(here, unsold=1)
    then.move_to(at("2026-02-27 21:59"), tick=False)
    assert left() == {"Anna Aho"}
    then.move_to(at("2026-02-27 22:00"), tick=False)
    assert left() == set(), "a month after the last of January is the last of February"


def _calls(lead: Lead) -> None:
    work.log_call(leads.lock(lead.id), CallOutcome.REACHED)


def _writes(lead: Lead) -> None:
    happened(lead, ActivityKind.WRITTEN, {}, text="Still there?")


def _asks_again(lead: Lead) -> None:
    work.add_walk_in(InquiryDraft(name=lead.name, email=lead.email, phone=None, message="Another one"))


def _comes(lead: Lead) -> None:
    starts = clock.now() + timedelta(days=3)
    session.add(Appointment(lead_id=lead.id, starts_at=starts, ends_at=starts + timedelta(hours=1)))


@pytest.mark.parametrize("touch", [_calls, _writes, _asks_again, _comes])
def test_the_clock_begins_anew_with_every_contact(then: time_machine.Traveller, ana: User, touch: Any) -> None:
    lead = make_lead("Anna Aho", status=LeadStatus.LOST)
    then.move_to(at("2026-12-15 10:00"), tick=False)
    with transaction():
        touch(session.get_one(Lead, lead.id))
    then.move_to(at("2027-12-14 21:59"), tick=False)
    assert left() == {"Anna Aho"}
    then.move_to(at("2027-12-18 10:00"), tick=False)
    assert left() == set()


@pytest.mark.parametrize("kind", [ActivityKind.AUTOMATIC, ActivityKind.SCORE, ActivityKind.CLOCK, ActivityKind.MERGE])
def test_what_machines_do_is_no_contact(then: time_machine.Traveller, kind: ActivityKind) -> None:
    lead = make_lead("Anna Aho", status=LeadStatus.LOST)
    then.move_to(at("2026-12-15 10:00"), tick=False)
    with transaction():
        happened(session.get_one(Lead, lead.id), kind, {})
    then.move_to(at("2027-02-01 10:00"), tick=False)
    assert left() == set()


def test_who_is_expected_stays_and_goes_when_that_is_over(then: time_machine.Traveller) -> None:
    lead = make_lead("Anna Aho")
    stored(Task(lead_id=lead.id, text="Call in spring", due_at=at("2027-05-01 10:00"), created_at=clock.now()))
    then.move_to(at("2027-05-01 10:00"), tick=False)
    assert left() == {"Anna Aho"}
    then.move_to(at("2027-05-01 10:01"), tick=False)
    assert left() == set()


def test_one_who_asked_again_keeps_what_they_bought_and_spam_starts_no_clock(then: time_machine.Traveller) -> None:
    make_lead("Anna Aho", email="anna@example.com", status=LeadStatus.WON)
    then.move_to(at("2027-06-01 10:00"), tick=False)
    make_lead("Anna Aho", email="anna@example.com", message="Buy!", status=LeadStatus.SPAM)
    then.move_to(at("2028-01-31 10:00"), tick=False)
    assert left() == set()


def test_papers_of_what_is_over_go_before_the_lead(then: time_machine.Traveller, signed_in: Any, olga: User) -> None:
    lead, other = make_lead("Anna Aho", status=LeadStatus.LOST), make_lead("Bert Berg")
    for each in (lead, other):
        signed_in(olga).post(f"/staff/leads/{each.id}/files", data={"file": [(BytesIO(PDF), "offer.pdf")]})
    then.move_to(at("2026-07-31 10:00"), tick=False)
    assert left() == {"Anna Aho", "Bert Berg"}
    assert [file.lead_id for file in session.query(LeadFile)] == [other.id], "an open lead keeps its papers"
    assert len(list(papers().root.rglob("paper-*"))) == 1
    page = signed_in(olga).get(f"/staff/leads/{lead.id}")
    assert page.status_code == 200


def test_quotations_go_and_what_somebody_wrote_stays(then: time_machine.Traveller, ana: User) -> None:
    lead = make_lead("Wilma Virta", email="wilma@example.test", status=LeadStatus.LOST)
    ours = written(lead)
    arrive(letter(text="Saturday.\n\nOn Monday Ana wrote:\n> Come and see it.", In_Reply_To=ours.message_id))
    then.move_to(at("2026-07-30 10:00"), tick=False)
    assert left() and [mail.whole is None for mail in session.query(Mail).order_by(Mail.id)] == [True, False]
    then.move_to(at("2026-07-31 10:00"), tick=False)
    assert left() and [mail.whole is None for mail in session.query(Mail)] == [True, True]
    assert {mail.text for mail in session.query(Mail)} == {"Come and see it.", "Saturday."}


def test_another_dealership_has_clocks_of_its_own(then: time_machine.Traveller, there: Dealership) -> None:
    make_lead("Anna Aho", status=LeadStatus.LOST)
    with acting_for(there.id):
        setting(there, unsold=1)
    then.move_to(at("2026-12-01 10:00"), tick=False)
    assert left() == {"Anna Aho"}


def test_many_go_in_small_steps(then: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_AT_ONCE", 2)
    monkeypatch.setattr(service, "_ROUNDS", 2)
    for number in range(7):
        make_lead(f"Person {number}", status=LeadStatus.LOST)
    then.move_to(at("2027-06-01 10:00"), tick=False)
    assert len(left()) == 3
    assert len(left()) == 0


@given(minutes=st.integers(0, 3_000_000), days_later=st.integers(0, 1500))
def test_nobody_is_due_sooner_or_later_than_said(minutes: int, days_later: int) -> None:
    asked, zone = CAME + timedelta(minutes=minutes), "Europe/Helsinki"
    now = asked + timedelta(days=days_later)
    today = Today(clock.local(now, zone).date(), zone, Terms(), now)
    is_over = asked < today.before(months=today.terms.unsold)
    assert is_over == (ends_on(clock.local(asked, zone).date(), today.terms.unsold) <= today.day)
