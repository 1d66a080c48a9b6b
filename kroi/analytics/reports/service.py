"""Counting the days anew whose leads have changed: a chore of the worker, so that reports read a few rows a day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select

from kroi.analytics.reports.models import DailyLeads, Dimension, ReportMark
from kroi.analytics.reports.rules import COUNTS, Outcome, sum_up
from kroi.core import clock
from kroi.db import bulk, dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.leads.clock.rules import is_clocked
from kroi.leads.history import queries as history
from kroi.leads.models import Lead
from kroi.leads.privacy.models import ErasedLead
from kroi.leads.rules import LeadStatus, Source
from kroi.leads.visits.models import Appointment

_OVERLAP = timedelta(minutes=2)  # a change may be stored this long after the moment that it carries
_DAYS_AT_ONCE = 31  # in one transaction


class _Fact(NamedTuple):
    """What the reports want to know of one lead."""

    id: int
    received_at: datetime
    status: LeadStatus
    source: Source
    assignee_id: int | None
    car_id: int | None
    first_answer_at: datetime | None
    answer_due_at: datetime | None
    answered_seconds: int | None


def count_again() -> int:
    """Count every day anew on which a lead came that was changed since the last time; how many days those were."""
    now, zone = clock.now(), dealerships.get_profile(current_dealership_id()).zone
    days = _changed_days(zone)
    for some in bulk.batches(days, _DAYS_AT_ONCE):
        with transaction():
            dialects.lock_named(session, f"reports {current_dealership_id()}")
            for day in some:
                _count(day, zone)
    with transaction():
        _mark(now)
    return len(days)


def _changed_days(zone: str) -> list[date]:
    query = select(Lead.received_at)
    mark = session.scalar(select(ReportMark.counted_until))
    if mark is not None:
        query = query.where(Lead.updated_at >= mark - _OVERLAP)
    days = {clock.local(at, zone).date() for at in session.scalars(query.execution_options(yield_per=10_000))}
    return sorted(days | _days_of_visits(mark, zone) | _days_of_erased(mark, zone))


def _days_of_visits(mark: datetime | None, zone: str) -> set[date]:
    """Days whose leads have a visit that was changed since then: they came, or they did not."""
    if mark is None:
        return set()
    query = select(Lead.received_at).join(Appointment, Appointment.lead_id == Lead.id)
    changed = session.scalars(query.where(Appointment.updated_at >= mark - _OVERLAP))
    return {clock.local(at, zone).date() for at in changed}


def _days_of_erased(mark: datetime | None, zone: str) -> set[date]:
    """Days whose leads were erased since then: what became of these in their last moments may not be counted yet."""
    query = select(ErasedLead.received_at)
    if mark is not None:
        query = query.where(ErasedLead.erased_at >= mark - _OVERLAP)
    return {clock.local(at, zone).date() for at in session.scalars(query)}


def _mark(now: datetime) -> None:
    found = session.scalar(select(ReportMark).with_for_update())
    if found is None:
        session.add(ReportMark(counted_until=now))
    else:
        found.counted_until = max(found.counted_until, now)


def _count(day: date, zone: str) -> None:
    facts = _facts(day, zone)
    visited = history.list_visited([each.id for each in facts])
    counted: list[tuple[_Fact | ErasedLead, Outcome]] = [(it, _outcome(it, it.id in visited)) for it in facts]
    counted += [(it, _outcome_of_erased(it)) for it in _erased(day, zone)]
    found: dict[tuple[Dimension, str], list[Outcome]] = defaultdict(list)
    for each, outcome in counted:
        for place in _places(each):
            found[place].append(outcome)
    session.execute(delete(DailyLeads).where(DailyLeads.day == day).execution_options(synchronize_session=False))
    bulk.insert_rows(DailyLeads, [_row(day, *place, sum_up(some)) for place, some in found.items()])


def _facts(day: date, zone: str) -> list[_Fact]:
    start, end = clock.start_of_day(day, zone), clock.start_of_day(day + timedelta(days=1), zone)
    columns = [getattr(Lead, name) for name in _Fact._fields]
    query = select(*columns).where(Lead.received_at >= start, Lead.received_at < end, Lead.status != LeadStatus.SPAM)
    return [_Fact(*row) for row in session.execute(query)]


def _erased(day: date, zone: str) -> list[ErasedLead]:
    start, end = clock.start_of_day(day, zone), clock.start_of_day(day + timedelta(days=1), zone)
    query = select(ErasedLead).where(ErasedLead.received_at >= start, ErasedLead.received_at < end)
    return list(session.scalars(query.where(ErasedLead.status != LeadStatus.SPAM)))


def _outcome(lead: _Fact, visited: bool) -> Outcome:
    answered_at, due = lead.first_answer_at, lead.answer_due_at
    return _told(lead, in_time=answered_at is not None and due is not None and answered_at <= due, visited=visited)


def _outcome_of_erased(lead: ErasedLead) -> Outcome:
    return _told(lead, in_time=lead.in_time, visited=lead.visited)


def _told(lead: _Fact | ErasedLead, *, in_time: bool, visited: bool) -> Outcome:
    clocked = is_clocked(lead.source)
    took = lead.answered_seconds if clocked else None
    return Outcome(
        leads=1,
        clocked=int(clocked),
        answered=int(took is not None),
        in_time=int(in_time and took is not None),
        visited=int(visited),
        won=int(lead.status is LeadStatus.WON),
        lost=int(lead.status is LeadStatus.LOST),
        minutes={} if took is None else {took // 60: 1},
    )


def _places(lead: _Fact | ErasedLead) -> Iterator[tuple[Dimension, str]]:
    yield Dimension.SOURCE, lead.source.value
    yield Dimension.PERSON, str(lead.assignee_id or "")
    yield Dimension.CAR, str(lead.car_id or "")


def _row(day: date, dimension: Dimension, key: str, outcome: Outcome) -> dict[str, object]:
    counts = {name: getattr(outcome, name) for name in COUNTS}
    minutes = {str(minute): many for minute, many in sorted(outcome.minutes.items())}
    return {"day": day, "dimension": dimension, "key": key, **counts, "answer_minutes": minutes}
