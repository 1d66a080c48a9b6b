"""Who comes to drive a car of the demo in the next days, and what some told of their own."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kroi.db.model import session
from kroi.leads import queries as leads
from kroi.leads.models import Lead
from kroi.leads.rules import OPEN, Condition, Interest, OwnCar, Wish
from kroi.leads.visits import booking
from kroi.leads.visits import queries as visits
from kroi.leads.wishes import service as wishes

_THEIRS = Wish(own_car=OwnCar("Toyota", "Corolla Verso", 2008, 214_000, "", Condition.WORN))


def book() -> None:
    """The newest test drives get the next free times, confirmed where somebody has answered; one tells of a car."""
    for number, lead in enumerate(_newest(Interest.TEST_DRIVE, 4)):
        free = visits.list_free(lead.car) if lead.car else []
        if free:
            held = leads.lock(lead.id)
            visit = booking.hold(held, lead.car_id, free[min(number, len(free) - 1)])
            visit.confirmed_at = held.first_answer_at
    for lead in _newest(Interest.TRADE_IN, 1):
        wishes.keep(lead, _THEIRS)


def _newest(interest: Interest, most: int) -> list[Lead]:
    query = select(Lead).where(Lead.interest == interest, Lead.status.in_(OPEN)).options(joinedload(Lead.car))
    return list(session.scalars(query.order_by(Lead.received_at.desc(), Lead.id.desc()).limit(most)))
