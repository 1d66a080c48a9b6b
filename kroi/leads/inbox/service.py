"""What is done from the inbox: many leads at once and back again, views saved by name, the list taken out."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Enum
from sqlalchemy.sql import ColumnElement

from kroi.accounts import audit
from kroi.core import clock, events
from kroi.core.errors import Conflict, Invalid, NotFound, Refusal
from kroi.db.model import UtcDateTime, session
from kroi.db.transaction import savepoint
from kroi.leads import queries
from kroi.leads.events import LeadMoved
from kroi.leads.history.service import audited, happened
from kroi.leads.inbox import queries as inbox
from kroi.leads.inbox import rules
from kroi.leads.inbox.models import BulkChange, SavedView
from kroi.leads.inbox.rules import InboxFilter
from kroi.leads.models import ActivityKind, Lead
from kroi.leads.rules import LeadStatus

MOST_NAME = 60  # characters of a view's name
_DECIDED = ("status", "assignee_id", "lost_reason", "spam_reason")
"""What people decide: if any of it is another since, somebody went on from there, and nothing is undone."""
_FOLLOWED = (
    "first_answer_at",
    "answer_due_at",
    "answered_seconds",
    "clock_step",
    "clock_next_at",
    "answer_waiting_at",
)
"""What followed from it, and may have been moved on by a clock since: then it stays."""
_COLUMNS: dict[str, ColumnElement[Any]] = {name: Lead.__table__.columns[name] for name in (*_DECIDED, *_FOLLOWED)}


@dataclass(frozen=True)
class Undone:
    """How many leads are as they were, and how many somebody changed since and stay."""

    restored: int
    kept: int


def change_many(lead_ids: Sequence[int], act: Callable[[int], Lead], user_id: int) -> BulkChange:
    """Do `act` to each lead, in a transaction; what a lead's rules refuse is listed, and the others are done.

    `act` takes a lead's id, asks who may, changes it and answers it. Raises Invalid when no lead was chosen.
    """
    wanted = sorted(set(lead_ids))[: rules.PER_PAGE]
    if not wanted:
        raise Invalid(_("Choose the leads first."))
    done = BulkChange(user_id=user_id, at=clock.now(), changes=[], refused=[])
    for lead_id in wanted:  # in one order, so that two who change many never wait in a ring
        try:
            with savepoint():
                done.changes.extend(_changed(lead_id, act))
        except Refusal as refusal:
            done.refused.append({"lead": lead_id, "why": refusal.sentence})
    session.add(done)
    session.flush()
    return done


def undo(change: BulkChange) -> Undone:
    """Put each lead back as it was, unless somebody changed it since. The caller has asked whose change it was."""
    if change.undone_at is not None:
        raise Conflict(_("That was undone already."))
    change.undone_at = clock.now()
    restored = [_restore(each) for each in change.changes]
    return Undone(sum(restored), len(restored) - sum(restored))


def save_view(name: str, wanted: InboxFilter, user_id: int) -> SavedView:
    """Keep a view under a name; the name that this person uses already gets the new filter. Raises Invalid."""
    name, views = _checked_name(name), inbox.list_views(user_id)
    found = next((each for each in views if each.name == name), None)
    if found is None:
        if len(views) >= rules.MOST_VIEWS:
            raise Invalid(_("You have %(most)s views; delete one first.", most=rules.MOST_VIEWS))
        found = SavedView(user_id=user_id, name=name, filter={}, created_at=clock.now())
        session.add(found)
    found.filter = wanted.kept()
    session.flush()
    audit.record("view.saved", "saved_view", found.id)
    return found


def rename_view(view: SavedView, name: str) -> None:
    """Call a view something else; raises Invalid or Conflict."""
    name = _checked_name(name)
    if any(each.name == name and each.id != view.id for each in inbox.list_views(view.user_id)):
        raise Conflict(_("You have a view of that name already."))
    view.name = name
    audit.record("view.renamed", "saved_view", view.id)


def delete_view(view: SavedView) -> None:
    """Forget a view."""
    audit.record("view.deleted", "saved_view", view.id)
    session.delete(view)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Give the view a name."))
    if len(name) > MOST_NAME:
        raise Invalid(_("At most %(most)s characters.", most=MOST_NAME))
    return name


def _changed(lead_id: int, act: Callable[[int], Lead]) -> list[dict[str, Any]]:
    before = _snapshot(queries.lock(lead_id))
    lead = act(lead_id)
    session.flush()
    after = _snapshot(lead)
    names = [name for name in before if before[name] != after[name]]
    kept = {"before": {name: before[name] for name in names}, "after": {name: after[name] for name in names}}
    return [{"lead": lead_id, **kept}] if names else []


def _restore(done: dict[str, Any]) -> bool:
    """One lead as it was; `False` when it is not as we left it, or gone."""
    try:
        lead = queries.lock(done["lead"])
    except NotFound:
        return False
    now, before, after = _snapshot(lead), done["before"], done["after"]
    if any(now[name] != after[name] for name in _DECIDED if name in after):
        return False
    status, assignee_id = lead.status, lead.assignee_id
    for name in (each for each in before if now[each] == after[each]):
        setattr(lead, name, _thawed(_COLUMNS[name], before[name]))
    _tell(lead, status, assignee_id)
    return True


def _tell(lead: Lead, status: LeadStatus, assignee_id: int | None) -> None:
    if lead.status is not status:
        happened(lead, ActivityKind.STATUS, {"before": status.value, "after": lead.status.value, "undone": True})
        events.publish(LeadMoved(lead.id, status, lead.status))
    if lead.assignee_id != assignee_id:
        happened(lead, ActivityKind.ASSIGNMENT, {"before": assignee_id, "after": lead.assignee_id, "undone": True})
    audited("lead.restored", lead, {"status": lead.status.value, "assignee": lead.assignee_id})


def _snapshot(lead: Lead) -> dict[str, Any]:
    return {name: _frozen(getattr(lead, name)) for name in _COLUMNS}


def _frozen(value: Any) -> Any:
    """A column's value as JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, enum.Enum) else value


def _thawed(column: ColumnElement[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Enum) and column.type.enum_class:
        return column.type.enum_class(value)
    return datetime.fromisoformat(value) if isinstance(column.type, UtcDateTime) else value
