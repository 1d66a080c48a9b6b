"""Reads for the page of one lead: its timeline, its tasks, what the person asked before."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from kroi.accounts.models import User
from kroi.db.model import session
from kroi.leads.mail.models import Mail
from kroi.leads.models import Activity, ActivityKind, Lead, Task


@dataclass(frozen=True)
class Line:
    """One activity, the name of the member of staff who did it, if anybody did, and the mail that it is about."""

    activity: Activity
    by: str | None
    mail: Mail | None = None


def list_lines(lead_id: int) -> list[Line]:
    """A lead's timeline, newest first."""
    is_mail = and_(
        Activity.kind == ActivityKind.MAIL,
        Mail.lead_id == Activity.lead_id,
        Mail.id == Activity.facts["mail"].as_integer(),
    )
    query = (
        select(Activity, User.name, Mail)
        .outerjoin(User, User.id == Activity.by_id)
        .outerjoin(Mail, is_mail)
        .where(Activity.lead_id == lead_id)
        .order_by(Activity.at.desc(), Activity.id.desc())
    )
    return [Line(activity, by, mail) for activity, by, mail in session.execute(query)]


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
