"""Reads of visits."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules.hours import Calendar
from kroi.dealerships.rules.places import Place
from kroi.leads.clock import queries as clock_queries
from kroi.leads.models import Lead
from kroi.leads.visits import rules
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import Slot, VisitStatus

_DRIVEN = (CarStatus.AVAILABLE, CarStatus.RESERVED)


def opening_hours(car_id: int | None) -> Calendar:
    """When somebody can come to where this car is; never, for a dealership that does not say when it is open."""
    own = dealerships.get_profile(current_dealership_id()).calendar
    return clock_queries.calendar_for(car_id) if own.ever_opens else own


def place_of(car_id: int | None) -> Place:
    """Where somebody comes to drive this car; no car in particular: to the main place."""
    return dealerships.get_profile(current_dealership_id()).place_at(clock_queries.location_of(car_id))


def list_free(car: Car) -> list[Slot]:
    """When this car can be driven on the next days; never one that is not here or not for sale."""
    if not may_drive(car):
        return []
    now = clock.now()
    return rules.list_slots(opening_hours(car.id), now, list_taken(car.id, now))


def may_drive(car: Car) -> bool:
    """Is this a car that somebody could come and drive?"""
    return car.status in _DRIVEN and not car.arriving


def list_taken(car_id: int, since: datetime, *, but: int | None = None) -> list[Slot]:
    """When a car is booked after `since`, one visit (id) perhaps left out."""
    query = select(Appointment.starts_at, Appointment.ends_at).where(
        Appointment.car_id == car_id,
        Appointment.status == VisitStatus.BOOKED,
        Appointment.starts_at > since - rules.LENGTH - rules.PAUSE,
    )
    if but is not None:
        query = query.where(Appointment.id != but)
    return [Slot(starts_at, ends_at) for starts_at, ends_at in session.execute(query)]


def count_held(person_id: int, since: datetime) -> int:
    """How many visits a person has booked after `since`."""
    query = (
        select(func.count(Appointment.id))
        .join(Lead, Lead.id == Appointment.lead_id)
        .where(Lead.person_id == person_id, Appointment.status == VisitStatus.BOOKED, Appointment.starts_at > since)
    )
    return session.scalar(query) or 0


def list_of_lead(lead_id: int) -> list[Appointment]:
    """A lead's visits that were not moved away, the latest first, with their cars."""
    query = (
        select(Appointment)
        .where(Appointment.lead_id == lead_id, Appointment.status != VisitStatus.MOVED)
        .options(joinedload(Appointment.car))
        .order_by(Appointment.starts_at.desc(), Appointment.id.desc())
    )
    return list(session.scalars(query))


def get(lead_id: int, visit_id: int) -> Appointment:
    """A visit of this lead, with its car; raises NotFound."""
    return _one(lead_id, visit_id, lock=False)


def find(visit_id: int) -> Appointment | None:
    """A visit with its car, if there is such."""
    query = select(Appointment).where(Appointment.id == visit_id).options(joinedload(Appointment.car))
    return session.scalar(query)


def lock(lead_id: int, visit_id: int) -> Appointment:
    """The same, held for a change until the transaction ends."""
    return _one(lead_id, visit_id, lock=True)


def list_between(start: datetime, end: datetime, assignee_id: int | None = None) -> Sequence[Appointment]:
    """Visits that begin from `start` to `end`, with leads, people and cars; of one of us and free ones, or all."""
    query = (
        select(Appointment)
        .join(Appointment.lead)
        .where(Appointment.starts_at >= start, Appointment.starts_at < end)
        .where(Appointment.status.in_((VisitStatus.BOOKED, VisitStatus.DONE, VisitStatus.NO_SHOW)))
        .options(
            contains_eager(Appointment.lead).options(joinedload(Lead.person), joinedload(Lead.assignee)),
            joinedload(Appointment.car),
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(200)
    )
    if assignee_id is not None:
        query = query.where((Lead.assignee_id == assignee_id) | Lead.assignee_id.is_(None))
    return session.scalars(query).all()


def _one(lead_id: int, visit_id: int, *, lock: bool) -> Appointment:
    query = (
        select(Appointment)
        .where(Appointment.id == visit_id, Appointment.lead_id == lead_id)
        .options(joinedload(Appointment.car))
    )
    if lock:
        query = query.with_for_update(of=Appointment).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no such visit."))
    return found
