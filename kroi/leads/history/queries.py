"""Reads for the page of one lead: its timeline, its tasks, what the person asked before."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kroi.accounts.models import User
from kroi.db.model import session
from kroi.leads.models import Activity, Lead, Task


@dataclass(frozen=True)
class Line:
    """One activity, and the name of the member of staff who did it, if anybody did."""

    activity: Activity
    by: str | None


def list_lines(lead_id: int) -> list[Line]:
    """A lead's timeline, newest first."""
    query = (
        select(Activity, User.name)
        .outerjoin(User, User.id == Activity.by_id)
        .where(Activity.lead_id == lead_id)
        .order_by(Activity.at.desc(), Activity.id.desc())
    )
    return [Line(activity, by) for activity, by in session.execute(query)]


def list_tasks(lead_id: int) -> list[Task]:
    """A lead's tasks: those to do by time, then those done."""
    query = select(Task).where(Task.lead_id == lead_id).order_by(Task.done_at.is_not(None), Task.due_at, Task.id)
    return list(session.scalars(query))


def list_earlier(lead: Lead) -> list[Lead]:
    """Other leads of the same person, newest first, with their cars; at most twenty."""
    query = (
        select(Lead)
        .where(Lead.person_id == lead.person_id, Lead.id != lead.id)
        .options(joinedload(Lead.car))
        .order_by(Lead.received_at.desc())
        .limit(20)
    )
    return list(session.scalars(query))
