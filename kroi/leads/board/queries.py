"""Reads for the board: each column's cards, how many there are and what their cars cost."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true, union_all
from sqlalchemy.orm import joinedload

from kroi.catalogue.models import Car
from kroi.db.model import session
from kroi.leads import queries as leads
from kroi.leads.board import rules
from kroi.leads.models import IS_OPEN, Lead
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
    sums, shown = _sums(mine), _cards(mine, limits)
    columns = []
    for status in rules.COLUMNS:
        count, cents = sums.get(status, (0, 0))
        limit = limits[status]
        cards = shown.get(status, [])
        more = min(limit + rules.AT_FIRST, rules.MOST) if count > limit < rules.MOST else None
        columns.append(Column(status, cards, count, cents, more))
    return columns


def count_all() -> int:
    """Open leads of everybody."""
    return session.scalar(select(func.count(Lead.id)).where(IS_OPEN)) or 0


def _cards(mine: ColumnElement[bool], limits: Mapping[LeadStatus, int]) -> dict[LeadStatus, list[Lead]]:
    """The cards of all columns in one query: each column's along the index of its order."""
    first = [
        select(Lead.id)
        .where(Lead.status == status, mine)
        .order_by(Lead.urgency, Lead.id)
        .limit(limits[status])
        .subquery()
        for status in rules.COLUMNS
    ]
    query = (
        select(Lead)
        .where(Lead.id.in_(union_all(*(select(each.c.id) for each in first))))
        .options(*leads.for_rows(joinedload(Lead.person), joinedload(Lead.car)))
        .order_by(Lead.urgency, Lead.id)
    )
    found: dict[LeadStatus, list[Lead]] = defaultdict(list)
    for lead in session.scalars(query):
        found[lead.status].append(lead)
    return found


def _sums(mine: ColumnElement[bool]) -> dict[LeadStatus, tuple[int, int]]:
    """Of each column. Filters, since SQLite would group by an index that makes it look up every lead."""
    wanted: list[ColumnElement[int]] = []
    for status in rules.COLUMNS:
        here = Lead.status == status
        wanted += [func.count().filter(here), func.coalesce(func.sum(Car.price_cents).filter(here), 0)]
    row = session.execute(select(*wanted).select_from(Lead).outerjoin(Lead.car).where(IS_OPEN, mine)).one()
    numbers = [int(each) for each in row]
    return dict(zip(rules.COLUMNS, zip(numbers[::2], numbers[1::2], strict=True), strict=True))
