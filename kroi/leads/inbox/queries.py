"""Reads for the inbox: one page of leads, and how many each tab holds."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from kroi.catalogue.models import Car
from kroi.core import text
from kroi.db import dialects
from kroi.db.model import session
from kroi.leads.inbox import rules
from kroi.leads.inbox.rules import InboxFilter, Tab
from kroi.leads.models import Lead, Person
from kroi.leads.rules import OPEN, LeadStatus

URGENCY: ColumnElement[int] = (
    case({each.value: rank for each, rank in rules.URGENCY.items()}, value=Lead.priority, else_=3) * 1000
    + case((Lead.first_answer_at.is_(None), 0), else_=500)
    + (100 - Lead.score)
)
"""Who to call first: priority, then who has had no answer yet, then the score. Smaller is sooner."""


@dataclass(frozen=True)
class Row:
    """A lead (with its person, car and assignee) and where it stands in the order."""

    lead: Lead
    urgency: int


@dataclass(frozen=True)
class Page:
    """One page of the inbox; `next` is the place where the following one starts, if there is one."""

    rows: list[Row]
    next: str | None


def list_page(wanted: InboxFilter, *, me: int) -> Page:
    """Leads of this view, who to call first first. `me` is the user whose inbox it is."""
    query = (
        _chosen(wanted, me)
        .add_columns(URGENCY)
        .options(contains_eager(Lead.person), contains_eager(Lead.car), joinedload(Lead.assignee))
        .order_by(URGENCY, Lead.id)
        .limit(rules.PER_PAGE + 1)
    )
    if wanted.after:
        query = query.where(tuple_(URGENCY, Lead.id) > tuple_(*wanted.after))
    rows = [Row(lead, urgency) for lead, urgency in session.execute(query)]
    page, more = rows[: rules.PER_PAGE], len(rows) > rules.PER_PAGE
    return Page(page, rules.place(page[-1].urgency, page[-1].lead.id) if more else None)


def count_tabs(*, me: int) -> dict[Tab, int]:
    """How many leads each tab holds."""
    is_open, spam = Lead.status.in_(OPEN), Lead.status == LeadStatus.SPAM
    found = session.execute(
        select(
            func.count().filter(is_open),
            func.count().filter(and_(is_open, Lead.assignee_id == me)),
            func.count().filter(and_(is_open, Lead.assignee_id.is_(None))),
            func.count().filter(~spam),
        ).select_from(Lead)
    ).one()
    return dict(zip(Tab, found, strict=True))


def count_open() -> int:
    """Leads that still want something from us."""
    return session.scalar(select(func.count(Lead.id)).where(Lead.status.in_(OPEN))) or 0


def _chosen(wanted: InboxFilter, me: int) -> Select[Lead]:
    query = select(Lead).join(Lead.person).outerjoin(Lead.car).where(*_tab(wanted, me))
    if wanted.status:
        query = query.where(Lead.status == wanted.status)
    if wanted.priority:
        query = query.where(Lead.priority == wanted.priority)
    if wanted.user_id:
        query = query.where(Lead.assignee_id == wanted.user_id)
    if wanted.words:
        query = query.where(_holds(wanted.words))
    return query


def _tab(wanted: InboxFilter, me: int) -> list[ColumnElement[bool]]:
    """A status that was asked for by name is shown whatever the tab says about open and spam."""
    whose: list[ColumnElement[bool]] = []
    if wanted.tab is Tab.MINE:
        whose = [Lead.assignee_id == me]
    if wanted.tab is Tab.FREE:
        whose = [Lead.assignee_id.is_(None)]
    if wanted.status:
        return whose
    if wanted.tab is Tab.ALL:
        return [Lead.status != LeadStatus.SPAM]
    return [*whose, Lead.status.in_(OPEN)]


def _holds(words: str) -> ColumnElement[bool]:
    folded = text.fold(words)
    digits = "".join(mark for mark in words if mark.isdigit())
    found = [
        dialects.text_match(Person.search_text, folded),
        Lead.reference == words.upper(),
        and_(Lead.car_id.is_not(None), dialects.text_match(Car.search_text, folded)),
    ]
    if len(digits) >= 5:
        found.append(Person.search_text.contains(digits.lstrip("0")))
    return or_(*found)
