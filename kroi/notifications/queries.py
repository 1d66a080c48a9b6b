"""Reads of the outbox: what waits, for how long, and what was given up."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select

from kroi.accounts.models import Role, User
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.notifications.models import Outbox
from kroi.notifications.rules import Colleague

WAITING: ColumnElement[bool] = and_(Outbox.sent_at.is_(None), Outbox.dead_at.is_(None))


@dataclass(frozen=True)
class Queue:
    """What waits to be sent now: how many messages, and since when the oldest has been due."""

    waiting: int
    oldest_due_at: datetime | None


def due(now: datetime) -> ColumnElement[bool]:
    """Waiting, due, and in no living worker's hands."""
    free = or_(Outbox.claimed_until.is_(None), Outbox.claimed_until <= now)
    return and_(WAITING, Outbox.due_at <= now, free)


def lock_waiting(mail_id: int) -> Outbox:
    """The message that a mail waits in, held for a change; raises Conflict when a worker has it in hand, or had it."""
    query = select(Outbox).where(Outbox.mail_id == mail_id, WAITING).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None or (found.claimed_until is not None and found.claimed_until > clock.now()):
        raise Conflict(_("This mail has left, or is being sent right now."))
    return found


def list_dealerships_due() -> list[int]:
    """Dealerships (ids) with something to send now. Read it across dealerships."""
    return list(session.scalars(select(Outbox.dealership_id).where(due(clock.now())).distinct()))


def measure_queue() -> Queue:
    """What is due and not sent. Read it for one dealership or across them."""
    query = select(func.count(Outbox.id), func.min(Outbox.due_at)).where(WAITING, Outbox.due_at <= clock.now())
    waiting, oldest = session.execute(query).one()
    return Queue(waiting, oldest)


def list_colleagues() -> list[Colleague]:
    """The active staff."""
    rows = session.execute(select(User.id, User.role).where(User.active).order_by(User.id))
    return [Colleague(user_id, role is not Role.SALES) for user_id, role in rows]


def find_assignee_and_email(lead_id: int) -> tuple[int | None, str | None]:
    """Whose lead it is, and the shopper's address, if there is one."""
    assignee_id, email = session.execute(select(Lead.assignee_id, Lead.email).where(Lead.id == lead_id)).one()
    return assignee_id, email
