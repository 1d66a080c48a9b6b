"""Reads for the board: each column's cards, how many there are and what their cars cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import joinedload

from kroi.catalogue.models import Car
from kroi.db.model import session
from kroi.leads.board import rules
from kroi.leads.models import OVER_FROM, Lead
from kroi.leads.rules import LeadStatus


@dataclass(frozen=True)
class Column:
    """One column: its cards as far as they are shown, how many it holds, and what their cars cost together, in cents.

    `more` is the limit that shows the next cards, if there are any.
    """

    status: LeadStatus
    cards: list[Lead]
    count: int
    cents: int
    more: int | None


def list_columns(limits: Mapping[LeadStatus, int], *, whose: int | None) -> list[Column]:
    """The board; `whose` is a user's id for their own leads, or `None` for everybody's."""
    mine = true() if whose is None else Lead.assignee_id == whose
    sums = _sums(mine)
    columns = []
    for status in rules.COLUMNS:
        count, cents = sums.get(status, (0, 0))
        limit = limits[status]
        cards = _cards(status, mine, limit) if count else []
        more = min(limit + rules.AT_FIRST, rules.MOST) if count > limit < rules.MOST else None
        columns.append(Column(status, cards, count, cents, more))
    return columns


def count_all() -> int:
    """Open leads of everybody."""
    return session.scalar(select(func.count(Lead.id)).where(Lead.urgency < OVER_FROM)) or 0


def _cards(status: LeadStatus, mine: ColumnElement[bool], limit: int) -> list[Lead]:
    query = (
        select(Lead)
        .where(Lead.status == status, mine)
        .options(joinedload(Lead.person), joinedload(Lead.car), joinedload(Lead.assignee))
        .order_by(Lead.urgency, Lead.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def _sums(mine: ColumnElement[bool]) -> dict[LeadStatus, tuple[int, int]]:
    query = (
        select(Lead.status, func.count(), func.coalesce(func.sum(Car.price_cents), 0))
        .outerjoin(Lead.car)
        .where(Lead.urgency < OVER_FROM, mine)
        .group_by(Lead.status)
    )
    return {status: (count, int(cents)) for status, count, cents in session.execute(query)}
