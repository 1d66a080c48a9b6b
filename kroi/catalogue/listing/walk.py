"""One page of cars in order, found by walking an index from a place, not by counting to it.

The list is made of strata that follow each other: per status the cars with a value to sort by, and those without.
Each is a walk along one index that ends after a page; merging a few short walks is cheap at any size.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import SQLColumnExpression, Subquery, UnaryExpression, literal, select, union_all

from kroi.catalogue.listing.conditions import beyond, conditions, order, sort_value
from kroi.catalogue.models import Car
from kroi.catalogue.queries import CARD_COLUMNS, CarCard, card
from kroi.catalogue.rules import ON_SALE, CarStatus
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import CarFilter, Sort
from kroi.db.model import session

Column = SQLColumnExpression[Any]


def list_page(wanted: CarFilter, sort: Sort, most: int, *, after: Cursor | None = None, skip: int = 0) -> list[CarCard]:
    """At most `most` cars after the cursor (before it, if that goes back; then the nearest), in the list's order."""
    back = after is not None and after.back
    found = _merged(wanted, sort, most + skip, after, back)
    query = select(*CARD_COLUMNS).join(found, found.c.id == Car.id)
    last = found.c.unknown.desc() if back else found.c.unknown.asc()  # cars without a value come last
    query = query.order_by(last, *_direction([found.c.value], found.c.id, sort, back)).limit(most).offset(skip)
    cards = [card(row) for row in session.execute(query)]
    return cards[::-1] if back else cards


def _merged(wanted: CarFilter, sort: Sort, most: int, after: Cursor | None, back: bool) -> Subquery:
    walks = [
        _walk(wanted, sort, status, known, most, after, back) for status in _statuses(wanted) for known in (True, False)
    ]
    return union_all(*(select(walk) for walk in walks)).subquery("found")


def _walk(
    wanted: CarFilter, sort: Sort, status: CarStatus, known: bool, most: int, after: Cursor | None, back: bool
) -> Subquery:
    by = order(sort)
    where = [Car.status == status, by.known if known else by.unknown, *conditions(wanted).values()]
    if after is not None:
        where.append(beyond(after, known=known, back=back))
    query = select(Car.id.label("id"), by.column.label("value"), literal(0 if known else 1).label("unknown"))
    ordered = query.where(*where).order_by(*_direction([by.column] if known else [], Car.id, sort, back))
    return ordered.limit(most).subquery()


def _direction(values: Sequence[Column], key: Column, sort: Sort, back: bool) -> list[UnaryExpression[Any]]:
    """By value, then by id, both falling or both rising."""
    return [each.desc() if order(sort).falling != back else each.asc() for each in (*values, key)]


def _statuses(wanted: CarFilter) -> tuple[CarStatus, ...]:
    asked = wanted.status
    kept = tuple(status for status in ON_SALE if status not in asked.none_of and _any(status, asked.any_of))
    return kept or ON_SALE  # nothing can match; the filter's own condition says so


def _any(status: CarStatus, chosen: tuple[str, ...]) -> bool:
    return not chosen or status in chosen


def cursor_at(car: CarCard, sort: Sort, *, back: bool = False) -> Cursor:
    """The place of this car in the list."""
    value = {
        Sort.NEWEST: car.listed_at,
        Sort.CHEAPEST: car.price_cents,
        Sort.DEAREST: car.price_cents,
        Sort.MILEAGE: car.mileage_km,
        Sort.YEAR: car.model_year,
    }[sort]
    return Cursor(sort, sort_value(sort, value), car.id, back=back)
