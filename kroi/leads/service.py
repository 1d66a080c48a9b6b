"""What is done with leads: a shopper asks, staff move, note, call, assign and plan."""

from datetime import datetime

from flask_babel import gettext as _

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.core import clock, events
from kroi.core.errors import Conflict, Invalid
from kroi.db.model import session
from kroi.leads.assignment import handing
from kroi.leads.assignment.rules.reasons import How
from kroi.leads.clock import service as response_clock
from kroi.leads.events import LeadMoved
from kroi.leads.history.service import audited as _audit
from kroi.leads.history.service import happened as _happened
from kroi.leads.intake.service import Receipt, add_walk_in, submit
from kroi.leads.models import Activity, ActivityKind, Lead, Task
from kroi.leads.rules import CallOutcome, LeadStatus, LostReason, SpamReason, moves
from kroi.leads.words import STATUSES

__all__ = [
    "Receipt",
    "add_note",
    "add_task",
    "add_walk_in",
    "assign",
    "change_task",
    "change_status",
    "claim",
    "finish_task",
    "log_call",
    "submit",
]

MOST_TEXT = 4000  # characters of a note, a reason or a task


def change_status(lead: Lead, target: LeadStatus, *, reason: str | None = None) -> None:
    """Move a lead along, if the workflow allows it. The caller has locked it and asked who may.

    `lost` wants a LostReason's value, reopening a won lead wants words; raises Conflict or Invalid.
    """
    before = lead.status
    if not moves.may_move(before, target):
        raise Conflict(_refused(before, target))
    reason = _checked_reason(before, target, (reason or "").strip())
    lead.status = target
    lead.lost_reason = LostReason(reason) if target is LeadStatus.LOST and reason else None
    lead.spam_reason = SpamReason.STAFF.value if target is LeadStatus.SPAM else None
    if moves.means_answered(target):
        response_clock.answered(lead)
    else:
        response_clock.follow(lead)
    facts = {"before": before.value, "after": target.value}
    if lead.lost_reason:
        facts["reason"] = lead.lost_reason.value
    words = reason if reason and target is not LeadStatus.LOST else None
    _happened(lead, ActivityKind.STATUS, facts, text=words)
    _audit("lead.moved", lead, facts)
    events.publish(LeadMoved(lead.id, before, target))


def add_note(lead: Lead, text: str) -> Activity:
    """Write something down about a lead."""
    note = _happened(lead, ActivityKind.NOTE, {}, text=_words(text, _("Write the note first.")))
    _audit("lead.noted", lead, {"activity": note.id})
    return note


def log_call(lead: Lead, outcome: CallOutcome) -> Activity:
    """Say how a call went; reaching somebody, or leaving word, answers them."""
    if outcome is not CallOutcome.NO_ANSWER:
        response_clock.answered(lead)
    facts = {"outcome": outcome.value}
    _audit("lead.called", lead, facts)
    return _happened(lead, ActivityKind.CALL, facts)


def assign(lead: Lead, user: User | None, why: str | None = None) -> None:
    """Give a lead to somebody on the staff, or to nobody. The caller has locked it and asked who may."""
    if user is not None and not user.active:
        raise Conflict(_("%(name)s no longer works here.", name=user.name))
    handing.hand(lead, user.id if user else None, _how(user), why=(why or "").strip()[:MOST_TEXT] or None)


def claim(lead: Lead, user: User) -> None:
    """Take a free lead; raises Conflict when somebody else was faster. The caller has locked it."""
    if lead.assignee_id not in (None, user.id):
        raise Conflict(_("Somebody else has taken this lead already."))
    handing.hand(lead, user.id, How.CLAIMED)


def add_task(lead: Lead, text: str, due_at: datetime) -> Task:
    """Plan something to do about a lead by a time."""
    words = _words(text, _("Write what is to be done."))
    task = Task(lead_id=lead.id, text=words, due_at=due_at, created_at=clock.now(), by_id=audit.actor_id())
    session.add(task)
    session.flush()  # history and audit carry the new id
    facts = {"task": task.id, "due": due_at.isoformat()}
    _happened(lead, ActivityKind.TASK, facts | {"done": False})
    _audit("task.added", lead, facts)
    return task


def change_task(task: Task, text: str, due_at: datetime) -> None:
    """A task says something else, or waits; raises Conflict when it is done. The caller has locked it."""
    if task.done_at is not None:
        raise Conflict(_("This task is done."))
    words = _words(text, _("Write what is to be done."))
    if (task.text, task.due_at) == (words, due_at):
        return
    task.text, task.due_at = words, due_at
    facts = {"task": task.id, "due": due_at.isoformat()}
    lead = session.get_one(Lead, task.lead_id)
    _happened(lead, ActivityKind.TASK, facts | {"done": False, "changed": True})
    _audit("task.changed", lead, facts)


def finish_task(task: Task) -> None:
    """A task is done; saying so twice changes nothing. The caller has locked it."""
    if task.done_at is not None:
        return
    task.done_at, task.done_by_id = clock.now(), audit.actor_id()
    lead = session.get_one(Lead, task.lead_id)
    _happened(lead, ActivityKind.TASK, {"task": task.id, "done": True})
    _audit("task.done", lead, {"task": task.id})


def _how(user: User | None) -> How:
    """By which way a lead goes to somebody, or back, when whoever acts now does it; nobody is the system."""
    actor_id = audit.actor_id()
    if user is None:
        return How.GIVEN_BACK if actor_id is not None else How.TAKEN_BACK
    return How.CLAIMED if user.id == actor_id else How.HAND


def _checked_reason(before: LeadStatus, target: LeadStatus, reason: str) -> str:
    if target is LeadStatus.LOST and reason not in list(LostReason):
        raise Invalid(_("Say why the lead is lost."))
    if moves.reopens_a_sale(before, target) and not reason:
        raise Invalid(_("Say why the sale is opened again."))
    return reason[:MOST_TEXT]


def _refused(before: LeadStatus, target: LeadStatus) -> str:
    if before is target:
        return str(_("The lead is there already."))
    names = {"before": STATUSES[before], "after": STATUSES[target]}
    return str(_("A lead cannot go from “%(before)s” to “%(after)s”.", **names))


def _words(text: str, missing: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise Invalid(missing)
    if len(text) > MOST_TEXT:
        raise Invalid(_("That is too long: at most 4,000 characters."))
    return text
