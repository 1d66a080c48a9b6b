"""Reads what the index is made of."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select, type_coerce, union_all

from kroi.catalogue.index.rules.facts import Facts
from kroi.catalogue.listing.conditions import FACET_COLUMNS
from kroi.catalogue.models import Car
from kroi.catalogue.places.models import CarLocation
from kroi.catalogue.places.queries import LOCATION_ID
from kroi.catalogue.rules import ON_SALE, CarStatus
from kroi.catalogue.rules.filters import FACETS
from kroi.catalogue.rules.numbers import Option
from kroi.db.model import session

AT_ONCE = 5_000  # cars: for more at once the interpreter takes memory that it never gives back
_FETCHED = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_VALUES = [
    type_coerce(FACET_COLUMNS[name], Text).label(name) if name in FACET_COLUMNS else cast(LOCATION_ID, Text)
    for name in FACETS
]
_NUMBERS = (
    Car.listed_at,
    func.nullif(Car.price_cents, 0, type_=Car.price_cents.type).label("price_cents"),
    Car.mileage_km,
    Car.model_year,
    Car.power_kw,
)
_COUNTED = (Car.id, *_VALUES, Car.make.label("make_name"), Car.model.label("model_name"), *_NUMBERS)
_ALONG: dict[str, tuple[Any, ...]] = {"make": (Car.model_slug, Car.model_year, Car.mileage_km), "model": ()}
_FIRST_NUMBER = 1 + len(_VALUES) + 2


def list_cars(ids: Iterable[int]) -> list[Facts]:
    """Those of these cars that are on sale, with their texts."""
    rows = session.execute(_complete().where(Car.id.in_(list(ids))))
    return [_facts(row) for row in rows]


def list_first(most: int) -> list[Facts]:
    """All cars on sale, with their texts, but no more than so many."""
    return [_facts(row) for row in session.execute(_complete().limit(most))]


def _complete() -> Select[Any]:
    return select(*_COUNTED, Car.stock_number, Car.search_text).where(Car.status.in_(ON_SALE))


def stream_cars() -> Iterator[list[Facts]]:
    """All cars on sale without their texts, by make and model, in the order of the index that covers them.

    One statement, so that a car that is just being reserved comes once.
    """
    query = select(*_COUNTED, literal(""), literal("")).where(Car.status.in_(ON_SALE))
    ordered = query.order_by(Car.status, Car.make_slug, Car.model_slug)
    cars = map(_facts, session.execute(ordered.execution_options(yield_per=_FETCHED)))
    while some := list(islice(cars, AT_ONCE)):
        yield some


def stream_texts() -> Iterator[list[tuple[int, str, str]]]:
    """Id, stock number and text of all cars on sale."""
    query = select(Car.id, Car.stock_number, Car.search_text).where(Car.status.in_(ON_SALE))
    for rows in session.execute(query.execution_options(yield_per=AT_ONCE)).partitions():
        yield [(row[0], row[1], row[2]) for row in rows]


def _facts(row: Sequence[Any]) -> Facts:
    listed: datetime | None = row[_FIRST_NUMBER]
    since = None if listed is None else (listed - _EPOCH) // _MICROSECOND
    make, model = row[_FIRST_NUMBER - 2 : _FIRST_NUMBER]
    numbers = (since, *row[_FIRST_NUMBER + 1 : -2])
    values = tuple(value and sys.intern(value) for value in row[1 : _FIRST_NUMBER - 2])  # each value once in memory
    return Facts(row[0], values, sys.intern(make), sys.intern(model), numbers, row[-2], row[-1])


def find_labels(facet: str, values: Iterable[str]) -> dict[str, str]:
    """What these makes or models are called, of those that are or once were ours; one car of each says it.

    The order is that of an index, so that the database ends at the first car instead of looking at all that have it.
    """
    slug = FACET_COLUMNS[facet]
    label = select(slug.label("slug"), getattr(Car, facet).label("label")).where(Car.status != CarStatus.DRAFT)
    first = label.order_by(*_ALONG[facet], Car.id).limit(1)
    walks = [select(first.where(slug == value).subquery()) for value in values]
    return {row.slug: row.label for row in session.execute(union_all(*walks))} if walks else {}


def list_names() -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Makes and models on sale, counted by the database."""
    slugs, labels = (Car.make_slug, Car.model_slug), (func.max(Car.make), func.max(Car.model))
    query = select(*slugs, *labels, func.count()).where(Car.status.in_(ON_SALE)).group_by(*slugs)
    makes: dict[str, Option] = {}
    models: dict[str, Option] = {}
    rows: Iterable[Any] = session.execute(query)
    for make, model, make_label, model_label, number in rows:
        before, other = makes.get(make), models.get(model)
        makes[make] = Option(make, make_label, number + (before.count if before else 0))
        others = other.makes if other else ()
        models[model] = Option(model, model_label, number + (other.count if other else 0), (*others, make))
    return tuple(makes.values()), tuple(models.values())


def get_sums() -> tuple[int, ...]:
    """How many cars are on sale, and the sums of their prices, mileages, years and powers."""
    sums = (func.sum(column) for column in (Car.price_cents, Car.mileage_km, Car.model_year, Car.power_kw))
    row = session.execute(select(func.count(), *sums).select_from(Car).where(Car.status.in_(ON_SALE))).one()
    return tuple(int(value or 0) for value in row)


def count_values(facet: str) -> dict[str, int]:
    """How many cars on sale have each value of a facet; of locations by id, without the main one."""
    here = facet == "location"
    column = cast(CarLocation.location_id, Text) if here else type_coerce(FACET_COLUMNS[facet], Text)
    query = select(column, func.count()).where(Car.status.in_(ON_SALE), column.is_not(None)).group_by(column)
    query = query.join(Car, Car.id == CarLocation.car_id) if here else query
    return {row[0]: row[1] for row in session.execute(query)}
