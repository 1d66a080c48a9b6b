"""What reports, fairness, today's page and the public promise say is the same before and after somebody is erased."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from kroi.accounts.models import User
from kroi.analytics.reports import service as reports
from kroi.analytics.reports.models import DailyLeads, ReportMark
from kroi.core import clock
from kroi.dashboard import queries as dashboard
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.leads.assignment import fairness
from kroi.leads.clock import queries as response_clock
from kroi.leads.models import Lead
from kroi.leads.privacy import service
from kroi.leads.privacy.models import ErasedLead
from kroi.leads.privacy.rules import Why, blurred, due_on
from tests.analytics.reports.test_counting import NOW, ZONE, counted, story
from tests.support.makers import make_lead

pytestmark = pytest.mark.slow


def said(staff: list[User]) -> dict[str, Any]:
    """Every number that is counted from leads, counted anew from the first day on."""
    with clock.at(NOW + timedelta(minutes=5)):
        with transaction():
            session.execute(delete(DailyLeads))
            session.execute(delete(ReportMark))
        reports.count_again()
        return {
            "reports": counted(),
            "promise": sorted(map(str, response_clock.list_answer_seconds(NOW - timedelta(days=30), NOW))),
            "fairness": {user: _settled(share) for user, share in fairness.list_shares(90).items()},
            "today": [_figures(user.id) for user in staff] + [_figures(None)],
        }


def _settled(share: Any) -> dict[str, Any]:
    return {**vars(share), "answers": sorted(share.answers)}


def _figures(whose: int | None) -> tuple[Any, ...]:
    day, month = clock.start_of_day(NOW.date(), ZONE), clock.start_of_day(NOW.date().replace(day=1), ZONE)
    figures = dashboard.figures(whose, day_start=day, month_start=month)
    over_time = dashboard.leads_over_time(whose, NOW - timedelta(days=30), ZONE)
    sources = sorted((each.key, each.count, each.won) for each in over_time.sources)
    return figures.new_today, figures.won, over_time.days, sources


@pytest.mark.parametrize("seed", range(3))
def test_every_number_is_as_it_was(app: Flask, ana: User, boris: User, seed: int) -> None:
    story(seed, [ana, boris])
    before = said([ana, boris])
    chance = random.Random(seed)
    ids = list(session.scalars(select(Lead.id)))
    some = chance.sample(ids, len(ids) // 2)
    with clock.at(NOW + timedelta(minutes=4)), transaction():
        service.erase_leads(some, why=Why.RETENTION)
    assert said([ana, boris]) == before
    with clock.at(NOW + timedelta(minutes=4)), transaction():
        service.erase_leads(ids, why=Why.RETENTION)
    assert said([ana, boris]) == before and not session.scalars(select(Lead)).all()


def test_what_became_of_a_lead_in_its_last_moment_is_counted(app: Flask, ana: User) -> None:
    lead = make_lead()
    reports.count_again()
    with transaction():
        session.get_one(Lead, lead.id).assignee_id = ana.id
        session.flush()
        service.erase_leads([lead.id], why=Why.OWNER)
    reports.count_again()
    assert {row.key for row in session.scalars(select(DailyLeads))} == {"walk_in", str(ana.id), ""}


def test_another_house_counts_nothing_of_it(app: Flask, chris: User) -> None:
    gone, _stays = make_lead(), make_lead()
    with transaction():
        service.erase_leads([gone.id], why=Why.OWNER)
    with acting_for(chris.dealership_id):
        new_today, won, days, sources = _figures(None)
        assert (new_today, won, sources) == (0, 0, []) and not any(count for _day, count in days)
        assert not session.scalars(select(ErasedLead)).all()


def test_what_stays_names_nobody(app: Flask) -> None:
    lead = make_lead("Anna Aho", message="I have two dogs", phone="040 765 4321")
    with transaction():
        service.erase_leads([lead.id], why=Why.OWNER)
    row = session.scalars(select(ErasedLead)).one()
    kept = str({column.key: getattr(row, column.key) for column in ErasedLead.__table__.columns})
    assert not [word for word in ("Anna", "dogs", "765 4321", "7654321", "@", lead.reference) if word in kept]
    assert row.received_at == blurred(lead.received_at) != lead.received_at


def test_a_month_is_a_month_of_the_calendar() -> None:
    asked = [date(2026, 1, 31), date(2028, 1, 31), date(2026, 12, 15), date(2026, 3, 1)]
    assert [due_on(day).isoformat() for day in asked] == ["2026-02-28", "2028-02-29", "2027-01-15", "2026-04-01"]
