"""Giving a car's time to one person, and to no other; the locks last until the transaction ends."""

from datetime import datetime

from flask_babel import gettext as _

from kroi.accounts import audit
from kroi.catalogue.models import Car
from kroi.core import clock, events
from kroi.core.errors import Conflict
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.leads.events import VisitChanged, VisitNews
from kroi.leads.history import service as history
from kroi.leads.models import ActivityKind, Lead
from kroi.leads.rules import LeadStatus
from kroi.leads.visits import queries, rules
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import Slot, VisitStatus


class Taken(Conflict):
    """This time cannot be had any more, or never could."""


def book(lead: Lead, car: Car | None, starts_at: datetime, *, but: int | None = None) -> Appointment:
    """A shopper takes one of our times for a car; raises Taken. `but` is the visit (id) that it is instead of."""
    slot = claim(lead.person_id, car, starts_at, but=but)
    return hold(lead, car.id if car else None, slot, but=but)


def claim(person_id: int, car: Car | None, starts_at: datetime, *, but: int | None = None) -> Slot:
    """Make sure that a person can have a time, and that it stays so until the transaction ends; raises Taken.

    The locks come in this order, and before those of numbers and of the audit, so that nobody waits in a ring.
    """
    slot = rules.slot_at(starts_at)
    if car is None or not _is_offered(car, slot):
        raise Taken(_("This time cannot be booked any more."))
    lock_person(person_id)
    if but is None and queries.count_held(person_id, clock.now()) >= rules.MOST_HELD:
        raise Taken(_("You have booked %(most)s visits already. Come to one of them first.", most=rules.MOST_HELD))
    _refuse_taken(car.id, slot, but)
    return slot


def hold(lead: Lead, car_id: int | None, slot: Slot, *, but: int | None = None) -> Appointment:
    """Keep a time for a lead, whenever it is; raises Taken when the car is away then."""
    if car_id is not None:
        _refuse_taken(car_id, slot, but)
    visit = Appointment(
        lead_id=lead.id,
        car_id=car_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        by_id=audit.actor_id(),
        **_goes_on(but),
    )
    session.add(visit)
    session.flush()
    note(lead, visit, "booked")
    _tell(lead, visit, VisitNews.BOOKED if but is None else VisitNews.MOVED)
    return visit


def lock_person(person_id: int) -> None:
    """Let nobody else book for this person meanwhile. This lock comes before the car's, and both before the audit's."""
    dialects.lock_named(session, f"visits {current_dealership_id()} person {person_id}")


def lock_car(car_id: int) -> None:
    """Let nobody else book this car meanwhile."""
    dialects.lock_named(session, f"visits {current_dealership_id()} car {car_id}")


def cancel(lead: Lead, visit: Appointment) -> None:
    """The visit will not be; saying so twice changes nothing. The caller has locked it. Raises Conflict."""
    if visit.status is VisitStatus.CANCELLED:
        return
    refuse_over(visit)
    visit.status = VisitStatus.CANCELLED
    visit.revision += 1
    note(lead, visit, "cancelled")
    _tell(lead, visit, VisitNews.CANCELLED)


def confirm(lead: Lead, visit: Appointment) -> None:
    """The shopper hears that it stands. The caller has locked both."""
    note(lead, visit, "confirmed")
    _tell(lead, visit, VisitNews.CONFIRMED)


def instead(lead: Lead, visit: Appointment, starts_at: datetime) -> Appointment:
    """The shopper comes at another of our times; raises Taken or Conflict. The caller has locked the visit."""
    refuse_over(visit)
    car = session.get(Car, visit.car_id) if visit.car_id else None
    _let_go(visit)
    return book(lead, car, starts_at, but=visit.id)


def put(lead: Lead, visit: Appointment, slot: Slot) -> Appointment:
    """One of us moves the visit, to whenever the car is free; raises Taken or Conflict."""
    refuse_over(visit)
    _let_go(visit)
    return hold(lead, visit.car_id, slot, but=visit.id)


def refuse_over(visit: Appointment) -> None:
    """Raises Conflict when the visit is not booked any more."""
    if visit.status is not VisitStatus.BOOKED:
        raise Conflict(_("This visit was changed already. Look at it once more."))


def note(lead: Lead, visit: Appointment, what: str) -> None:
    """Write down what became of a visit."""
    facts = {"visit": visit.id, "what": what, "at": visit.starts_at.isoformat()}
    history.happened(lead, ActivityKind.VISIT, facts)
    history.audited(f"visit.{what}", lead, facts)


def _refuse_taken(car_id: int, slot: Slot, but: int | None) -> None:
    lock_car(car_id)
    if not rules.is_free(slot, queries.list_taken(car_id, slot.starts_at, but=but)):
        raise Taken(_("Somebody else has just taken this time."))


def _is_offered(car: Car, slot: Slot) -> bool:
    return queries.may_drive(car) and rules.is_offered(queries.opening_hours(car.id), clock.now(), slot)


def _goes_on(visit_id: int | None) -> dict[str, int]:
    """What makes a visit the same one in calendars as the one (id) that it is instead of."""
    before = session.get_one(Appointment, visit_id) if visit_id is not None else None
    return {"series": before.series or before.id, "revision": before.revision + 1} if before else {}


def _tell(lead: Lead, visit: Appointment, what: VisitNews) -> None:
    if lead.status is not LeadStatus.SPAM:
        by_us = audit.actor_id() is not None
        events.publish(VisitChanged(lead.id, visit.id, what, visit.starts_at, by_us))


def _let_go(visit: Appointment) -> None:
    visit.status = VisitStatus.MOVED
    session.flush()  # before its time, or one that begins as it does, is taken again
