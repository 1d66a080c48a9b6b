"""Reads for the inbox: one page of leads, how many each tab holds, saved views, what was done to many."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager, joinedload

from kroi.catalogue.models import Car
from kroi.catalogue.rules import HIDDEN, CarStatus
from kroi.core import clock, text
from kroi.core.errors import Invalid, NotFound
from kroi.db import dialects
from kroi.db.model import session
from kroi.leads import queries as leads
from kroi.leads.inbox import rules
from kroi.leads.inbox.models import BulkChange, SavedView
from kroi.leads.inbox.rules import InboxFilter, Tab
from kroi.leads.models import IS_OPEN, SPAM_FROM, Lead, Person

URGENCY = Lead.urgency
"""Who to call first: priority, then who has had no answer yet, then the score. Smaller is sooner."""
_EXPORTED_AT_ONCE = 500
_MOST_CARS = 300
_MOST_NAMED = 5


@dataclass(frozen=True)
class Page:
    """One page of the inbox; `next` is the place where the following one starts, if there is one."""

    rows: list[Lead]
    next: str | None


def list_page(wanted: InboxFilter, *, me: int) -> Page:
    """Leads of this view, who to call first first. `me` is the user whose inbox it is."""
    narrow = leads.for_rows(contains_eager(Lead.person), contains_eager(Lead.car))
    query = _joined(wanted, me).options(*narrow).order_by(Lead.urgency, Lead.id)
    rows = list(session.scalars(_after(query, wanted.after).limit(rules.PER_PAGE + 1)))
    page, more = rows[: rules.PER_PAGE], len(rows) > rules.PER_PAGE
    return Page(page, rules.place(page[-1].urgency, page[-1].id) if more else None)


def every(wanted: InboxFilter, *, me: int) -> Iterator[Lead]:
    """All leads of this view, read some hundreds at a time; nothing of it stays in the session."""
    last: tuple[int, int] | None = None
    while True:
        query = _chosen(wanted, me).options(joinedload(Lead.assignee)).order_by(Lead.urgency, Lead.id)
        some = list(session.scalars(_after(query, last).limit(_EXPORTED_AT_ONCE)))
        yield from some
        if len(some) < _EXPORTED_AT_ONCE:
            return
        last = (some[-1].urgency, some[-1].id)
        session.expunge_all()


def count(wanted: InboxFilter, *, me: int) -> int:
    """How many leads this view holds on all its pages."""
    query = select(func.count()).select_from(Lead).join(Lead.person).outerjoin(Lead.car)
    return session.scalar(query.where(*_conditions(wanted, me))) or 0


def count_tabs(*, me: int) -> dict[Tab, int | None]:
    """How many leads each tab holds; of all that ever came nobody counts."""
    found = session.execute(
        select(
            func.count(),
            func.count().filter(Lead.assignee_id == me),
            func.count().filter(Lead.assignee_id.is_(None)),
            func.count().filter(_late()),
        )
        .select_from(Lead)
        .where(IS_OPEN)
    ).one()
    return {**dict(zip((Tab.OPEN, Tab.MINE, Tab.FREE, Tab.LATE), found, strict=True)), Tab.ALL: None}


def list_views(user_id: int) -> list[SavedView]:
    """The views that somebody saved, by name."""
    return list(session.scalars(select(SavedView).where(SavedView.user_id == user_id).order_by(SavedView.name)))


def get_view(view_id: int, user_id: int) -> SavedView:
    """One of somebody's own views; raises NotFound."""
    found = session.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.user_id == user_id))
    if found is None:
        raise NotFound(_("There is no such view."))
    return found


def find_change(change_id: int, user_id: int) -> BulkChange | None:
    """What this person did to many leads, if it is theirs."""
    return session.scalar(select(BulkChange).where(BulkChange.id == change_id, BulkChange.user_id == user_id))


def lock_change(change_id: int, user_id: int) -> BulkChange:
    """The same, held for undoing it; raises NotFound."""
    query = select(BulkChange).where(BulkChange.id == change_id, BulkChange.user_id == user_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is nothing to undo."))
    return found


def list_cars() -> list[Car]:
    """Cars to name in a form: those on sale or reserved, newest first, some hundreds at most."""
    query = select(Car).where(Car.status.in_((CarStatus.AVAILABLE, CarStatus.RESERVED)))
    return list(session.scalars(query.order_by(Car.id.desc()).limit(_MOST_CARS)))


def find_car(words: str) -> Car | None:
    """The one car that this stock number, or these words, mean; `None` for none given. Raises Invalid."""
    if not words:
        return None
    number = words.split(maxsplit=1)[0].strip(",")
    exact = session.scalar(select(Car).where(Car.stock_number == number))
    if exact is not None:
        return exact
    shown = Car.status.not_in(HIDDEN)
    query = select(Car).where(shown, dialects.text_match(Car.search_text, text.fold(words))).order_by(Car.id.desc())
    found = list(session.scalars(query.limit(_MOST_NAMED + 1)))
    if not found:
        raise Invalid(_("No car is like that. Leave it empty if none was named."))
    if len(found) > 1:
        numbers = ", ".join(f"{each.stock_number} {each.title}" for each in found[:_MOST_NAMED])
        raise Invalid(_("Several cars are like that; begin with the stock number: %(cars)s", cars=numbers))
    return found[0]


def names(lead_ids: list[int]) -> dict[int, str]:
    """Who is behind these leads, by the lead's id."""
    query = select(Lead.id, Person.name).join(Person, Person.id == Lead.person_id).where(Lead.id.in_(lead_ids))
    return {row.id: row.name for row in session.execute(query)} if lead_ids else {}


def _after(query: Select[Lead], last: tuple[int, int] | None) -> Select[Lead]:
    return query.where(tuple_(Lead.urgency, Lead.id) > tuple_(*last)) if last else query


def _chosen(wanted: InboxFilter, me: int) -> Select[Lead]:
    return _joined(wanted, me).options(contains_eager(Lead.person), contains_eager(Lead.car))


def _joined(wanted: InboxFilter, me: int) -> Select[Lead]:
    return select(Lead).join(Lead.person).outerjoin(Lead.car).where(*_conditions(wanted, me))


def _conditions(wanted: InboxFilter, me: int) -> list[ColumnElement[bool]]:
    found = _tab(wanted, me)
    if wanted.status:
        found.append(Lead.status == wanted.status)
    if wanted.priority:
        found.append(Lead.priority == wanted.priority)
    if wanted.user_id:
        found.append(Lead.assignee_id == wanted.user_id)
    if wanted.source:
        found.append(Lead.source == wanted.source)
    if wanted.age:
        found.append(Lead.received_at >= clock.now() - timedelta(days=wanted.age))
    if wanted.words:
        found.append(_holds(wanted.words, wide=wanted.tab is Tab.ALL or wanted.status is not None))
    return found


def _tab(wanted: InboxFilter, me: int) -> list[ColumnElement[bool]]:
    """A status that was asked for by name is shown whatever the tab says about open and spam."""
    whose: list[ColumnElement[bool]] = []
    if wanted.tab is Tab.MINE:
        whose = [Lead.assignee_id == me]
    if wanted.tab is Tab.FREE:
        whose = [Lead.assignee_id.is_(None)]
    if wanted.tab is Tab.LATE:
        whose = [_late()]
    if wanted.status:
        return whose
    if wanted.tab is Tab.ALL:
        return [Lead.urgency < SPAM_FROM]
    return [*whose, IS_OPEN]


def _late() -> ColumnElement[bool]:
    """Nobody has answered, and the answer was due."""
    return and_(Lead.first_answer_at.is_(None), Lead.answer_due_at < clock.now())


def _holds(words: str, *, wide: bool) -> ColumnElement[bool]:
    """Of many leads that are over, several name one car: there its words are read once, not once for each lead."""
    folded = text.fold(words)
    digits = "".join(mark for mark in words if mark.isdigit())
    car = aliased(Car) if wide else Car
    named = dialects.text_match(car.search_text, folded)
    found = [
        dialects.text_match(Person.search_text, folded),
        Lead.reference == words.upper(),
        Lead.car_id.in_(select(car.id).where(named)) if wide else and_(Lead.car_id.is_not(None), named),
    ]
    if len(digits) >= 5:
        found.append(Person.search_text.contains(digits.lstrip("0")))
    return or_(*found)
