"""Reads of what happened to leads: for the page of one its timeline and tasks, and which of many came to see a car."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from kroi.accounts.models import User
from kroi.db import bulk
from kroi.db.model import session
from kroi.leads.files.models import LeadFile
from kroi.leads.mail.models import Mail
from kroi.leads.models import Activity, ActivityKind, Task
from kroi.leads.rules import LeadStatus
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus


@dataclass(frozen=True)
class Line:
    """One activity, the name of the member of staff who did it, if anybody did, and what it is about."""

    activity: Activity
    by: str | None
    mail: Mail | None = None
    task: Task | None = None
    file: LeadFile | None = None


def list_lines(lead_id: int) -> list[Line]:
    """A lead's timeline, newest first."""
    # By lead as well: under row security PostgreSQL trusts no index to what is read out of JSON, and would walk all.
    is_mail = and_(
        Activity.kind.in_((ActivityKind.MAIL, ActivityKind.MAIL_LATER)),
        Mail.lead_id == Activity.lead_id,
        Mail.id == Activity.facts["mail"].as_integer(),
    )
    is_task = and_(
        Activity.kind == ActivityKind.TASK,
        Task.lead_id == Activity.lead_id,
        Task.id == Activity.facts["task"].as_integer(),
    )
    is_file = and_(
        Activity.kind == ActivityKind.FILE,
        LeadFile.lead_id == Activity.lead_id,
        LeadFile.id == Activity.facts["file"].as_integer(),
    )
    query = (
        select(Activity, User.name, Mail, Task, LeadFile)
        .outerjoin(User, User.id == Activity.by_id)
        .outerjoin(Mail, is_mail)
        .outerjoin(Task, is_task)
        .outerjoin(LeadFile, is_file)
        .where(Activity.lead_id == lead_id)
        .order_by(Activity.at.desc(), Activity.id.desc())
    )
    return [Line(*row) for row in session.execute(query)]


def tasks(lines: Sequence[Line]) -> list[Task]:
    """The tasks of a timeline: those to do by time, then those done."""
    found = {line.task.id: line.task for line in lines if line.task}
    return sorted(found.values(), key=lambda task: (task.done_at is not None, task.due_at, task.id))


def files(lines: Sequence[Line]) -> list[LeadFile]:
    """The files of a timeline, newest first."""
    return list({line.file.id: line.file for line in lines if line.file}.values())


def shown(lines: Sequence[Line]) -> list[Line]:
    """The timeline as people read it: a file that came by mail stands with its mail."""
    return [line for line in lines if line.activity.kind is not ActivityKind.FILE or "mail" not in line.activity.facts]


def list_visited(lead_ids: Sequence[int]) -> set[int]:
    """Those leads (ids) of whom somebody came: a visit took place, or they bought.

    Where no visit was ever booked here, an appointment that the lead was moved to counts.
    """
    return {lead_id for some in bulk.batches(lead_ids) for lead_id in _visited(some)}


def _visited(lead_ids: Sequence[int]) -> set[int]:
    moves = select(Activity.lead_id, Activity.facts).where(
        Activity.lead_id.in_(lead_ids), Activity.kind == ActivityKind.STATUS
    )
    moved: dict[object, set[int]] = defaultdict(set)
    for lead_id, facts in session.execute(moves):
        moved[facts.get("after")].add(lead_id)
    rows = select(Appointment.lead_id, Appointment.status).where(Appointment.lead_id.in_(lead_ids))
    visits = session.execute(rows).all()
    came = {lead_id for lead_id, status in visits if status is VisitStatus.DONE}
    return came | moved[LeadStatus.WON] | moved[LeadStatus.APPOINTMENT] - {lead_id for lead_id, _status in visits}
