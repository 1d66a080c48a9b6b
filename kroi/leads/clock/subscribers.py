"""The ladder that a lead climbs while nobody answers: a warning, back to the pool, then a manager hears of it."""

from collections.abc import Callable
from functools import partial

from kroi.catalogue.events import CarRelocated
from kroi.core import clock, events
from kroi.db.transaction import run_in_transaction
from kroi.leads import queries as leads
from kroi.leads.assignment import queries as rounds
from kroi.leads.assignment.handing import hand
from kroi.leads.assignment.rules.reasons import Code, How
from kroi.leads.clock import queries, rules, service
from kroi.leads.clock.rules import Step
from kroi.leads.events import AnswerOverdue, AnswerRunsOut, LeadReturned
from kroi.leads.history.service import audited, happened
from kroi.leads.models import ActivityKind, Lead


def on_relocated(event: CarRelocated) -> None:
    """A car stands elsewhere: the hours of that place count for whoever waits for an answer about it."""
    for lead_id in queries.list_running_about(event.car_id):
        service.follow(leads.lock(lead_id))


def climb() -> None:
    """Take the steps that are due, each once, however often and by however many this is done. A chore."""
    for lead_id in queries.list_due(clock.now()):
        run_in_transaction(partial(_climb, lead_id))


def _climb(lead_id: int) -> None:
    lead, now = leads.lock(lead_id), clock.now()
    service.follow(lead)  # somebody may have answered, or changed the hours, while we waited for the lock
    while lead.clock_next_at is not None and lead.clock_next_at <= now:
        step = rules.next_step(lead.clock_step)
        if step is None:
            break
        lead.clock_step = step
        service.follow(lead)
        facts = {"step": step.name.lower()}
        happened(lead, ActivityKind.CLOCK, facts)
        audited("lead.unanswered", lead, facts)
        _DOES[step](lead)


def _warn(lead: Lead) -> None:
    events.publish(AnswerRunsOut(lead.id))


def _give_back(lead: Lead) -> None:
    if _has_just_begun(lead):
        return
    if lead.assignee_id is not None:
        hand(lead, None, How.TAKEN_BACK, code=Code.SILENT)
    events.publish(LeadReturned(lead.id, Code.SILENT.value))


def _tell(lead: Lead) -> None:
    events.publish(AnswerOverdue(lead.id))


def _has_just_begun(lead: Lead) -> bool:
    """Does the round's own timer run for whoever has it? Then it is theirs until that ends."""
    state = rounds.find_state(lead.id)
    if state is None or lead.assignee_id is None or state.holder_id != lead.assignee_id:
        return False
    return state.due_at is not None and state.due_at > clock.now()


_DOES: dict[Step, Callable[[Lead], None]] = {Step.WARN: _warn, Step.RETURN: _give_back, Step.TELL: _tell}
