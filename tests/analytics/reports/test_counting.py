"""The reports' counts equal what counting every lead by hand says, whatever happened to the leads."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.analytics.reports import queries, service
from kroi.analytics.reports.models import DailyLeads, Dimension
from kroi.analytics.reports.rules import COUNTS, Outcome, Span, sum_up
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.leads import service as leads
from kroi.leads.clock.rules import is_clocked
from kroi.leads.models import Activity, Lead
from kroi.leads.rules import CallOutcome, LeadStatus, Source, moves
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus
from tests.support.makers import make_car, make_lead

pytestmark = pytest.mark.slow

ZONE = "Europe/Helsinki"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SPAN = Span(date(2026, 10, 1), date(2026, 11, 20))

WAYS = {
    LeadStatus.CONTACTED: [LeadStatus.CONTACTED],
    LeadStatus.APPOINTMENT: [LeadStatus.CONTACTED, LeadStatus.APPOINTMENT],
    LeadStatus.WON: [LeadStatus.CONTACTED, LeadStatus.QUALIFIED, LeadStatus.NEGOTIATING, LeadStatus.WON],
}


def by_hand() -> dict[tuple[date, Dimension, str], Outcome]:
    """What the reports should say, from every lead there is."""
    sums: dict[tuple[date, Dimension, str], Outcome] = defaultdict(Outcome)
    for lead in session.scalars(select(Lead).where(Lead.status != LeadStatus.SPAM)):
        moved = session.scalars(select(Activity.facts).where(Activity.lead_id == lead.id)).all()
        clocked = is_clocked(lead.source)
        answered = clocked and lead.answered_seconds is not None
        due, at = lead.answer_due_at, lead.first_answer_at
        outcome = Outcome(
            leads=1,
            clocked=int(clocked),
            answered=int(answered),
            in_time=int(answered and due is not None and at is not None and at <= due),
            visited=int(came(lead.id, [facts.get("after") for facts in moved])),
            won=int(lead.status is LeadStatus.WON),
            lost=int(lead.status is LeadStatus.LOST),
            minutes={(lead.answered_seconds or 0) // 60: 1} if answered else {},
        )
        day = clock.local(lead.received_at, ZONE).date()
        sums[day, Dimension.SOURCE, lead.source.value] += outcome
        sums[day, Dimension.PERSON, str(lead.assignee_id or "")] += outcome
        sums[day, Dimension.CAR, str(lead.car_id or "")] += outcome
    return dict(sums)


def came(lead_id: int, moved_to: list[object]) -> bool:
    """Did somebody come because of this lead?"""
    visits = session.scalars(select(Appointment.status).where(Appointment.lead_id == lead_id)).all()
    if "done" in visits or "won" in moved_to:
        return True
    return "appointment" in moved_to and not visits


def counted() -> dict[tuple[date, Dimension, str], Outcome]:
    session.expire_all()
    rows = session.scalars(select(DailyLeads)).all()
    return {
        (row.day, row.dimension, row.key): Outcome(
            **{name: getattr(row, name) for name in COUNTS},
            minutes={int(minute): many for minute, many in row.answer_minutes.items()},
        )
        for row in rows
    }


def live(chance: random.Random, lead_id: int, staff: list[User]) -> None:
    """Something happens to a lead."""
    with transaction():
        lead = session.get_one(Lead, lead_id)
        match chance.randrange(6):
            case 0:
                leads.assign(lead, chance.choice([*staff, None]))
            case 1:
                leads.log_call(lead, chance.choice(list(CallOutcome)))
            case 2:
                starts_at = clock.now() + timedelta(minutes=chance.randrange(5, 5000))
                ends_at = starts_at + timedelta(hours=1)
                session.add(Appointment(lead_id=lead.id, car_id=None, starts_at=starts_at, ends_at=ends_at))
            case 3:
                visits = session.scalars(select(Appointment).where(Appointment.lead_id == lead.id)).all()
                for visit in visits[:1]:
                    visit.status = chance.choice(list(VisitStatus))
            case _:
                legal = [each for each in moves.MOVES[lead.status] if each is not LeadStatus.NEGOTIATING]
                if legal and lead.status is not LeadStatus.WON:
                    leads.change_status(lead, chance.choice(legal), reason="price")


def story(seed: int, staff: list[User], steps: int = 60) -> None:
    """Leads of some weeks, and what became of them; counted now and then on the way."""
    chance = random.Random(seed)
    cars = [make_car().id for _each in range(3)]
    ids: list[int] = []
    moment = NOW - timedelta(days=40)
    for _step in range(steps):
        moment += timedelta(minutes=chance.randrange(30, 1800))
        with clock.at(min(moment, NOW)):
            if len(ids) < 5 or chance.random() < 0.3:
                made = make_lead(source=chance.choice(list(Source)), car_id=chance.choice([*cars, None]))
                ids.append(made.id)
            else:
                live(chance, chance.choice(ids), staff)
            if chance.random() < 0.15:
                service.count_again()
    with clock.at(NOW + timedelta(minutes=1)):
        service.count_again()


@pytest.mark.parametrize("seed", range(3))
def test_counts_equal_counting_by_hand(app: Flask, ana: User, boris: User, seed: int) -> None:
    story(seed, [ana, boris])

    assert counted() == by_hand()
    book = queries.Book(SPAN)
    everything = sum_up(it for (_day, kind, _key), it in by_hand().items() if kind is Dimension.SOURCE)
    assert book.total() == sum_up(book.by(Dimension.SOURCE).values()) == everything
    assert queries.Book(SPAN, own=ana.id).total() == book.by(Dimension.PERSON).get(str(ana.id), Outcome())


@pytest.mark.parametrize(
    ("visit", "status", "counts"),
    [
        (VisitStatus.DONE, LeadStatus.CONTACTED, 1),
        (VisitStatus.NO_SHOW, LeadStatus.APPOINTMENT, 0),
        (VisitStatus.CANCELLED, LeadStatus.APPOINTMENT, 0),
        (VisitStatus.BOOKED, LeadStatus.APPOINTMENT, 0),
        (VisitStatus.NO_SHOW, LeadStatus.WON, 1),
        (None, LeadStatus.APPOINTMENT, 1),
        (None, LeadStatus.CONTACTED, 0),
    ],
)
def test_a_visit_is_one_that_took_place(
    app: Flask, ana: User, visit: VisitStatus | None, status: LeadStatus, counts: int
) -> None:
    with clock.at(NOW):
        lead = make_lead()
        for step in WAYS[status]:
            with transaction():
                leads.change_status(session.get_one(Lead, lead.id), step)
        service.count_again()
    if visit is not None:
        with clock.at(NOW + timedelta(hours=6)), transaction():
            starts_at = NOW + timedelta(hours=2)
            ends_at = starts_at + timedelta(hours=1)
            session.add(Appointment(lead_id=lead.id, starts_at=starts_at, ends_at=ends_at, status=visit))
    with clock.at(NOW + timedelta(hours=6)):
        service.count_again()
    assert queries.Book(SPAN).total().visited == counts


def test_counting_again_changes_nothing_and_touches_only_days_that_changed(app: Flask, ana: User) -> None:
    story(7, [ana], steps=20)
    before = counted()

    with clock.at(NOW + timedelta(hours=3)):
        assert service.count_again() == 0
    assert counted() == before


def test_a_lead_that_turns_out_to_be_spam_leaves_the_counts(app: Flask, ana: User) -> None:
    with clock.at(NOW):
        lead = make_lead()
        service.count_again()
        assert queries.Book(SPAN).total().leads == 1
    with clock.at(NOW + timedelta(days=1)):
        with transaction():
            leads.change_status(session.get_one(Lead, lead.id), LeadStatus.SPAM)
        service.count_again()
    assert counted() == {}


def test_another_dealerships_leads_are_not_counted(app: Flask, there: Dealership) -> None:
    there_id = there.id
    with acting_for(there_id):
        make_lead()
        service.count_again()
    service.count_again()
    assert queries.Book(Span(date(2020, 1, 1), date(2030, 1, 1))).total().leads == 0
