"""The response clock of a lead: it starts with the question and stops with the first answer of a person.

Automatic messages, reads and notes know nothing of it, so they cannot stop it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from kroi.core import clock, events
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import run_in_transaction, transaction
from kroi.dealerships import service as dealerships
from kroi.dealerships.events import ProfileChanged
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules.hours import Calendar
from kroi.leads import queries as leads
from kroi.leads.clock import queries, rules
from kroi.leads.clock.rules import NeverOpens, Targets
from kroi.leads.models import Lead
from kroi.leads.rules import OPEN

USUAL_OVER = timedelta(days=30)


def follow(lead: Lead) -> None:
    """Set the clock by what the lead is now: it runs while it is open and nobody has answered."""
    if lead.first_answer_at is None:
        lead.location_id = queries.location_of(lead.car_id)
    _set(lead, queries.calendar_at(lead.location_id), queries.targets())


def answered(lead: Lead, at: datetime | None = None) -> None:
    """A person of ours has reached, or written to, the shopper: now, or at a moment (aware) before.

    Only the first time counts. The caller has locked the lead, and is no automatic message.
    """
    if lead.first_answer_at is None:
        lead.first_answer_at = at or clock.now()
    follow(lead)


def follow_hours() -> None:
    """Opening hours or targets were changed: running clocks are set anew; what was answered stays as it was.

    Each lead is a transaction of its own, after the one that stored the change. A clock that this does not reach,
    because the process died, is set anew before its next step.
    """
    _follow_each(queries.list_running())


def mend() -> None:
    """Give a clock to leads that were written by who knew of none, and measure what is usual. A chore."""
    _follow_each(queries.list_unmeasured())
    with transaction():
        measure()


def measure() -> None:
    """In what time most questions of the last month were answered, for the storefront; told only when it changes."""
    now = clock.now()
    usual = rules.usual(queries.list_answer_seconds(now - USUAL_OVER, now))
    row = session.get_one(Dealership, current_dealership_id())
    if row.usual_answer_seconds != usual:
        dealerships.change_profile(row.id, usual_answer_seconds=usual)
        events.publish(ProfileChanged())


def _follow_each(lead_ids: Iterable[int]) -> None:
    for lead_id in lead_ids:
        run_in_transaction(partial(_follow_locked, lead_id))


def _follow_locked(lead_id: int) -> None:
    follow(leads.lock(lead_id))


def _set(lead: Lead, calendar: Calendar, targets: Targets) -> None:
    lead.clock_next_at = None
    if not rules.is_clocked(lead.source):
        return
    if lead.first_answer_at is not None:
        if lead.answered_seconds is None:
            seconds = rules.business_seconds(calendar, lead.received_at, lead.first_answer_at)
            lead.answered_seconds = max(seconds, 0)
        return
    if lead.status not in OPEN:
        return
    step = rules.next_step(lead.clock_step)
    try:
        lead.answer_due_at = rules.add_business(calendar, lead.received_at, targets.answer * 60)
        if step is not None:
            lead.clock_next_at = rules.add_business(calendar, lead.received_at, targets.seconds_to(step))
    except NeverOpens:
        lead.answer_due_at = None
