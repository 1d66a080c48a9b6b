"""How tests set the round up: hours around the clock, people in it, and inquiries that come."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import time_machine
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.core import clock, events
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.leads import queries as leads
from kroi.leads.assignment import service as assignment
from kroi.leads.assignment.models import Round, RoundMember
from kroi.leads.events import InquirySubmitted
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.rules import Source
from tests.support.makers import make_lead, stored

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)  # noon in Helsinki
WORKDAYS = {str(day): [["09:00", "18:00"]] for day in range(5)}
_people = count(1)


def open_house(hours: dict[str, list[list[str]]] | None = None) -> None:
    """The dealership's opening hours: Monday to Friday from nine to six, unless said otherwise."""
    with transaction():
        dealerships.change_profile(current_dealership_id(), opening_hours=WORKDAYS if hours is None else hours)


def start_round(**values: Any) -> Round:
    """The round, switched on."""
    open_house()
    made: Round = stored(Round(**({"is_on": True, "turns": 0} | values)))
    return made


def join(user: User, **values: Any) -> RoundMember:
    """Somebody's part in the round, in the hours of the house."""
    usual = {"takes_part": True, "cap": 30, "languages": ["en", "fi", "sv"], "own_hours": False, "hours": {}}
    made: RoundMember = stored(RoundMember(user_id=user.id, **(usual | values)))
    return made


def inquire(name: str = "", **values: Any) -> Lead:
    """A lead that has just come, and was offered to the round; read anew."""
    lead = make_lead(
        name or f"Person {next(_people)}", **({"received_at": clock.now(), "source": Source.WEBSITE_CONTACT} | values)
    )
    with transaction():
        events.publish(InquirySubmitted(lead.id))
    session.expire_all()
    return leads.get(lead.id)


def hands(lead_id: int) -> list[Activity]:
    """What history says about whose lead it is, oldest first."""
    lines = select(Activity).where(Activity.lead_id == lead_id, Activity.kind == ActivityKind.ASSIGNMENT)
    return list(session.scalars(lines.order_by(Activity.id)))


def later(minutes: float) -> None:
    """Time goes on, and the chore is done."""
    moment = clock.now() + timedelta(minutes=minutes)
    with time_machine.travel(moment, tick=False):
        assignment.keep_going()
    session.expire_all()


def holder(lead: Lead) -> int | None:
    """Who has it now."""
    session.expire_all()
    return leads.get(lead.id).assignee_id
