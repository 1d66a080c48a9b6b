"""What staff do about visits. Confirming one, or agreeing on a time, answers the shopper."""

from datetime import datetime

from flask_babel import gettext as _

from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.leads import service as leads
from kroi.leads.clock import service as response_clock
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus, moves
from kroi.leads.visits import booking, rules
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus


def add(lead: Lead, starts_at: datetime) -> Appointment:
    """One of us agrees on a time with the shopper. The caller has locked the lead; raises Taken."""
    visit = booking.hold(lead, lead.car_id, rules.slot_at(starts_at))
    _stands(lead, visit)
    return visit


def confirm(lead: Lead, visit: Appointment) -> None:
    """It stands; saying so twice changes nothing. The caller has locked both; raises Conflict."""
    booking.refuse_over(visit)
    if visit.confirmed_at is None:
        booking.confirm(lead, visit)
        _stands(lead, visit)


def move(lead: Lead, visit: Appointment, starts_at: datetime) -> Appointment:
    """It is at another time. The caller has locked both; raises Taken or Conflict."""
    moved = booking.put(lead, visit, rules.slot_at(starts_at))
    _stands(lead, moved)
    return moved


def cancel(lead: Lead, visit: Appointment) -> None:
    """It will not be. The caller has locked both; raises Conflict."""
    booking.cancel(lead, visit)


def close(lead: Lead, visit: Appointment, outcome: VisitStatus) -> None:
    """They came, or did not. The caller has locked both; raises Conflict before its time."""
    booking.refuse_over(visit)
    if visit.starts_at > clock.now():
        raise Conflict(_("This visit is still to come."))
    visit.status = outcome
    booking.note(lead, visit, outcome.value)


def _stands(lead: Lead, visit: Appointment) -> None:
    """The shopper has a person's word for it, so that the lead is answered and has an appointment."""
    visit.confirmed_at = clock.now()
    if lead.status is LeadStatus.NEW:
        leads.change_status(lead, LeadStatus.CONTACTED)
    if moves.may_move(lead.status, LeadStatus.APPOINTMENT) and lead.status is not LeadStatus.NEGOTIATING:
        leads.change_status(lead, LeadStatus.APPOINTMENT)
    response_clock.answered(lead)
