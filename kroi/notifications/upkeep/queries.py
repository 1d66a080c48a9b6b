"""Reads of the outbox for operators: numbers, kinds and codes, nobody's name."""

import enum
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, union_all

from kroi.core import clock
from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.notifications.models import Outbox, OutboxKind
from kroi.notifications.queries import WAITING
from kroi.notifications.upkeep.rules import GIVEN_UP_ON_PURPOSE

MOST_LISTED = 100


class State(enum.StrEnum):
    """How far a message got."""

    WAITING = "waiting"
    FAILING = "failing"
    DEAD = "dead"
    CANCELLED = "cancelled"
    SENT = "sent"


@dataclass(frozen=True)
class Tally:
    """Messages of one kind in one state: how many, and since when the oldest of them is there."""

    kind: OutboxKind
    state: State
    count: int
    oldest: datetime


def _on_purpose() -> ColumnElement[bool]:
    return Outbox.last_error.in_(GIVEN_UP_ON_PURPOSE)


def dead() -> ColumnElement[bool]:
    """Given up after failures."""
    return and_(Outbox.dead_at.is_not(None), or_(Outbox.last_error.is_(None), ~_on_purpose()))


def _state() -> ColumnElement[str]:
    return case(
        (Outbox.sent_at.is_not(None), State.SENT.value),
        (and_(Outbox.dead_at.is_not(None), _on_purpose()), State.CANCELLED.value),
        (Outbox.dead_at.is_not(None), State.DEAD.value),
        (Outbox.attempts > 0, State.FAILING.value),
        else_=State.WAITING.value,
    )


def tally() -> list[Tally]:
    """How many of each kind are in each state."""
    parts = [(Outbox.sent_at.is_(None), _state()), (Outbox.sent_at.is_not(None), literal(State.SENT.value))]
    query = union_all(  # each along its own index: most have been sent
        *(
            select(Outbox.kind, state.label("state"), func.count(Outbox.id), func.min(Outbox.created_at))
            .where(part)
            .group_by(Outbox.kind, "state")
            for part, state in parts
        )
    )
    found = [Tally(kind, State(name), count, oldest) for kind, name, count, oldest in session.execute(query)]
    order = list(State)
    return sorted(found, key=lambda each: (order.index(each.state), each.kind.value))


def count_dead() -> int:
    """How many messages were given up after failures."""
    query = select(func.count(Outbox.id)).where(Outbox.sent_at.is_(None), dead())
    return session.scalar(query) or 0


def list_unsent() -> list[Outbox]:
    """What failed for good, newest first, then what waits, most overdue first; at most a hundred of each."""
    failed = session.scalars(
        select(Outbox).where(Outbox.sent_at.is_(None), dead()).order_by(Outbox.dead_at.desc()).limit(MOST_LISTED)
    )
    waiting = session.scalars(select(Outbox).where(WAITING).order_by(Outbox.due_at).limit(MOST_LISTED))
    return [*failed, *waiting]


def lock(message_id: int) -> Outbox:
    """A message, held for a change; raises NotFound."""
    query = select(Outbox).where(Outbox.id == message_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such message."))
    return found


def is_in_hand(message: Outbox) -> bool:
    """Does a living worker have it in hand?"""
    done = message.sent_at is not None or message.dead_at is not None
    return not done and message.claimed_until is not None and message.claimed_until > clock.now()
