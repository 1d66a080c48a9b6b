"""Filters as SQL: one condition for each, so that one can be left out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, not_, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from kroi.catalogue.finance.queries import highest_price
from kroi.catalogue.models import Car
from kroi.catalogue.places import queries as places
from kroi.catalogue.rules import ON_SALE, CarStatus
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import FACETS, SPANS, CarFilter, Choice, Sort, Span
from kroi.catalogue.rules.search import search_words
from kroi.db.dialects import text_match

Condition = ColumnElement[bool]
Column = InstrumentedAttribute[Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FACET_COLUMNS: dict[str, Column] = {
    "make": Car.make_slug,
    "model": Car.model_slug,
    **{name: getattr(Car, name) for name, values in FACETS.items() if values},
}
SPAN_COLUMNS: dict[str, Column] = {
    "price": Car.price_cents,
    "year": Car.model_year,
    "mileage": Car.mileage_km,
    "power": Car.power_kw,
    "monthly": Car.price_cents,
}


@dataclass(frozen=True)
class Order:
    """How a sort orders: by which column, falling or rising, and which cars have a value in it; the others are last."""

    column: Column
    falling: bool
    known: Condition
    unknown: Condition


_SORTED: dict[Sort, Column] = {
    Sort.NEWEST: Car.listed_at,
    Sort.MILEAGE: Car.mileage_km,
    Sort.YEAR: Car.model_year,
}


def on_sale() -> Condition:
    """What the list may show at all."""
    return Car.status.in_(ON_SALE)


def conditions(wanted: CarFilter) -> dict[str, Condition]:
    """The condition of every active filter, by its name. None of them answers NULL."""
    return {name: _condition(name, wanted) for name in wanted.active()}


def _condition(name: str, wanted: CarFilter) -> Condition:
    if name == "q":
        return text_match(Car.search_text, search_words(wanted.q))
    if name in SPANS:
        return _within(name, wanted.span(name))
    return _chosen(name, wanted.choice(name))


def _within(name: str, span: Span) -> Condition:
    column, ends = SPAN_COLUMNS[name], stored_ends(name, span)
    has_value = Car.price_cents > 0 if column is Car.price_cents else column.is_not(None)
    low = true() if ends.low is None else column >= ends.low
    high = true() if ends.high is None else column <= ends.high
    return and_(has_value, low, high)


def stored_ends(name: str, span: Span) -> Span:
    """The span in the units of its column: euros as cents, and a month's euros as the price that costs them."""
    if name == "monthly":
        return Span(high=None if span.high is None else highest_price(span.high))
    if name == "price":
        low, high = (None if end is None else end * 100 for end in (span.low, span.high))
        return Span(low, high)
    return span


def _chosen(name: str, choice: Choice) -> Condition:
    if name == "location":
        return places.standing(choice)
    column = FACET_COLUMNS[name]
    among = and_(column.is_not(None), column.in_(choice.any_of)) if choice.any_of else true()
    if choice.any_of and FACETS[name] is None:
        among = or_(among, not_(_known(name, choice.any_of)))
    outside = or_(column.is_(None), column.not_in(choice.none_of)) if choice.none_of else true()
    return and_(among, outside)


def _known(name: str, values: tuple[str, ...]) -> Condition:
    """Has a car of any of these ever been ours? A make or model that never was is ignored, as the unknown is."""
    column = FACET_COLUMNS[name]
    return select(literal(1)).where(column.in_(values), Car.status != CarStatus.DRAFT).correlate(None).exists()


def order(sort: Sort) -> Order:
    """How this sort orders the list."""
    falling = sort in (Sort.NEWEST, Sort.DEAREST, Sort.YEAR)
    if sort in (Sort.CHEAPEST, Sort.DEAREST):
        return Order(Car.price_cents, falling, Car.price_cents > 0, Car.price_cents == 0)
    column = _SORTED[sort]
    return Order(column, falling, column.is_not(None), column.is_(None))


def beyond(cursor: Cursor, *, known: bool, back: bool, inclusive: bool = False) -> Condition:
    """Of the cars with a sort value (`known`) or of those without: which lie after, or `back` before, the cursor?"""
    by = order(cursor.sort)
    upwards = by.falling == back
    if cursor.value is None:
        if known:
            return true() if back else false()
        return _past(Car.id, cursor.id, upwards, inclusive)
    if not known:
        return false() if back else true()
    here = tuple_(literal(_stored(cursor), by.column.type), literal(cursor.id, Car.id.type))
    return _past(tuple_(by.column, Car.id), here, upwards, inclusive)


def _past(column: Any, value: Any, upwards: bool, inclusive: bool) -> Condition:
    if upwards:
        past: Condition = column >= value if inclusive else column > value
    else:
        past = column <= value if inclusive else column < value
    return past


def _stored(cursor: Cursor) -> object:
    if cursor.sort is Sort.NEWEST:
        return _EPOCH + timedelta(microseconds=cursor.value or 0)
    return cursor.value


def sort_value(sort: Sort, value: object) -> int | None:
    """A column's value as a cursor holds it."""
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    if not isinstance(value, int) or (sort in (Sort.CHEAPEST, Sort.DEAREST) and value == 0):
        return None
    return value
