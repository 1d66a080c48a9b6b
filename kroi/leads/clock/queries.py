"""Reads of the response clock: whose opening hours count, what is due, how long answers took."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from kroi.catalogue.places import queries as places
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules.hours import Calendar
from kroi.leads.clock import rules
from kroi.leads.clock.rules import Targets
from kroi.leads.models import Lead
from kroi.leads.privacy.models import ErasedLead
from kroi.leads.rules import OPEN, LeadStatus, Source

_CLOCKED = [each for each in Source if rules.is_clocked(each)]


def targets() -> Targets:
    """How soon this dealership wants to answer."""
    return rules.targets(dealerships.get_profile(current_dealership_id()).targets)


def calendar_at(location_id: int | None) -> Calendar:
    """The opening hours that count at a location; `None` is the main one."""
    profile = dealerships.get_profile(current_dealership_id())
    return rules.calendar_or_usual(profile.calendar_at(location_id))


def calendar_for(car_id: int | None) -> Calendar:
    """The same where a car stands; `None` is no car in particular."""
    return calendar_at(location_of(car_id))


def location_of(car_id: int | None) -> int | None:
    """Where the car of a question stands; `None` is the main one, also for a question about no car."""
    has_some = dealerships.get_profile(current_dealership_id()).locations
    return places.find_location_id(car_id) if has_some and car_id is not None else None


def list_due(now: datetime, most: int = 500) -> list[int]:
    """Leads (ids) whose clock has a step to take, the longest due first."""
    query = select(Lead.id).where(Lead.clock_next_at <= now).order_by(Lead.clock_next_at, Lead.id)
    return list(session.scalars(query.limit(most)))


def list_running() -> list[int]:
    """Leads (ids) that wait for their first answer."""
    return list(session.scalars(select(Lead.id).where(_waiting()).order_by(Lead.id)))


def list_running_about(car_id: int) -> list[int]:
    """The same of one car."""
    return list(session.scalars(select(Lead.id).where(_waiting(), Lead.car_id == car_id).order_by(Lead.id)))


def list_unmeasured(most: int = 1_000) -> list[int]:
    """Leads (ids) without a clock that should have one: whoever wrote them knew nothing of it."""
    unstarted = and_(_waiting(), Lead.answer_due_at.is_(None))
    answered = and_(Lead.first_answer_at.is_not(None), Lead.answered_seconds.is_(None), _clocked())
    return list(session.scalars(select(Lead.id).where(or_(unstarted, answered)).order_by(Lead.id).limit(most)))


def list_answer_seconds(since: datetime, now: datetime) -> list[int | None]:
    """Seconds of opening time to the answer of each question since then; `None`: it is late, and nobody answered."""
    late = and_(Lead.first_answer_at.is_(None), Lead.answer_due_at < now)
    query = select(Lead.answered_seconds).where(
        Lead.received_at >= since,
        Lead.status != LeadStatus.SPAM,
        _clocked(),
        or_(Lead.answered_seconds.is_not(None), late),
    )
    return [*session.scalars(query), *_answer_seconds_of_erased(since)]


def _answer_seconds_of_erased(since: datetime) -> list[int | None]:
    """The same of leads that are gone; who was not late then will never be."""
    query = select(ErasedLead.answered_seconds).where(
        ErasedLead.received_at >= since,
        ErasedLead.status != LeadStatus.SPAM,
        ErasedLead.source.in_(_CLOCKED),
        or_(ErasedLead.answered_seconds.is_not(None), ErasedLead.late),
    )
    return list(session.scalars(query))


def _waiting() -> ColumnElement[bool]:
    return and_(Lead.status.in_(OPEN), Lead.first_answer_at.is_(None), _clocked())


def _clocked() -> ColumnElement[bool]:
    return Lead.source.in_(_CLOCKED)
