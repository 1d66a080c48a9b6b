"""The one statement behind the numbers of a listing page.

Every car on sale gets a mask: the sum of the bits of the filters that it misses. Its rows are counted by mask, so that
whoever adds them up can judge each filter under all the others.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    type_coerce,
    union_all,
)

from kroi.catalogue.listing.conditions import FACET_COLUMNS, beyond, conditions, on_sale, order
from kroi.catalogue.models import Car
from kroi.catalogue.places.queries import LOCATION_ID
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import CarFilter
from kroi.catalogue.rules.numbers import MILEAGE_STEP as MILEAGE_STEP
from kroi.catalogue.rules.numbers import PRICE_STEP as PRICE_STEP

MISSES_MORE = -1  # the mask of cars that miss several filters
TRIPLES = (("body", "fuel", "transmission"), ("drive", "colour", "status"))  # counted together: fewer sorts
STEPS: dict[str, ColumnElement[Any]] = {
    "price": (func.nullif(Car.price_cents, 0, type_=BigInteger) - 1) // (PRICE_STEP * 100),
    "mileage": (Car.mileage_km - 1) // MILEAGE_STEP,
    "year": type_coerce(Car.model_year, Integer),
}
PLACE = "location"  # kind of the rows that count by place
KNOWN = "known "  # kind of the rows that name chosen makes and models

Column = ColumnElement[Any]  # of a query
Columns = Sequence[SQLColumnExpression[Any]]


def statement(
    wanted: CarFilter, cursor: Cursor | None, bits: Mapping[str, int], *, placed: bool = False
) -> CompoundSelect[Any]:
    """Rows of kind, three values, two names, step, mask, flag, count. `placed`: count by place, too.

    For a triple the flag says whether the cars come before the cursor; for models it counts those of the make.
    """
    missed = _missed(wanted, bits)
    judged = _judged(missed, cursor, named=bool(wanted.q), placed=placed)
    mask: Column = judged.c.mask
    if len(bits) > 1:
        mask = case((mask.in_((0, *bits.values())), mask), else_=MISSES_MORE)
    parts = [_triple(judged, names, mask) for names in TRIPLES]
    parts += [_histogram(judged, name, mask) for name in STEPS]
    parts += [_places(judged, mask)] if placed else []
    parts.append(_models_of(judged, bits) if wanted.q else _models(missed, bits))
    parts += [_names(name, wanted) for name in ("make", "model") if wanted.choice(name)]
    return union_all(*parts)


def _missed(wanted: CarFilter, bits: Mapping[str, int]) -> Column:
    found = conditions(wanted)
    mask: Column = literal(0)
    for name, bit in bits.items():
        mask = mask + case((found[name], 0), else_=bit)
    return mask


def _judged(missed: Column, cursor: Cursor | None, *, named: bool, placed: bool) -> CTE:
    """Every car on sale: what it is (make and model if `named`), what it misses, whether it comes before the page."""
    columns = [type_coerce(FACET_COLUMNS[name], Text).label(name) for names in TRIPLES for name in names]
    steps = [step.label(name) for name, step in STEPS.items()]
    query = select(*columns, *steps, missed.label("mask"), _before(cursor).label("before"))
    if named:
        query = query.add_columns(Car.make_slug, Car.model_slug, Car.make, Car.model)
    if placed:
        query = query.add_columns(LOCATION_ID.label(PLACE))
    return query.where(on_sale()).cte("judged")


def _before(cursor: Cursor | None) -> Column:
    if cursor is None:
        return literal(0)
    # Going on, the cursor's own car is before the page; going back, it is behind it.
    with_value, without = (
        case((beyond(cursor, known=known, back=True, inclusive=not cursor.back), 1), else_=0) for known in (True, False)
    )
    return case((order(cursor.sort).known, with_value), else_=without)


def _triple(judged: CTE, names: tuple[str, str, str], mask: Column) -> Select[Any]:
    values = [judged.c[name] for name in names]
    if names is not TRIPLES[-1]:
        return _rows(names[0], values, (), null(), mask, null(), func.count()).group_by(*values, mask)
    before = judged.c.before
    return _rows(names[0], values, (), null(), mask, before, func.count()).group_by(*values, mask, before)


def _histogram(judged: CTE, name: str, mask: Column) -> Select[Any]:
    step = judged.c[name]
    return _rows(name, (), (), step, mask, null(), func.count()).group_by(step, mask)


def _places(judged: CTE, mask: Column) -> Select[Any]:
    place = judged.c[PLACE]
    return _rows(PLACE, (place,), (), null(), mask, null(), func.count()).group_by(place, mask)


def _models(missed: Column, bits: Mapping[str, int]) -> Select[Any]:
    """Makes and models with their counts, in the order of the index that covers them: no sort over all names."""
    slugs, names = (Car.make_slug, Car.model_slug), (func.max(Car.make), func.max(Car.model))
    query = _rows("model", slugs, names, null(), null(), *_fitting(missed, bits))
    return query.where(on_sale()).group_by(Car.status, *slugs)


def _models_of(judged: CTE, bits: Mapping[str, int]) -> Select[Any]:
    """The same from the judged cars: a sort costs less than searching all texts once more."""
    slugs, names = (judged.c.make_slug, judged.c.model_slug), (func.max(judged.c.make), func.max(judged.c.model))
    return _rows("model", slugs, names, null(), null(), *_fitting(judged.c.mask, bits)).group_by(*slugs)


def _fitting(mask: Column, bits: Mapping[str, int]) -> tuple[Column, Column]:
    make, model = (func.sum(case((mask.in_({0, bits.get(name, 0)}), 1), else_=0)) for name in ("make", "model"))
    return make, model


def _names(name: str, wanted: CarFilter) -> Select[Any]:
    """What the chosen makes or models are called, whatever has become of their cars."""
    slug, label = FACET_COLUMNS[name], getattr(Car, name)
    choice = wanted.choice(name)
    query = _rows(KNOWN + name, (slug,), (func.max(label),), null(), null(), null(), null())
    return query.where(slug.in_(choice.any_of + choice.none_of), Car.status != CarStatus.DRAFT).group_by(slug)


def _rows(kind: str, values: Columns, names: Columns, *numbers: Column) -> Select[Any]:
    blanks = [null()] * 3
    texts = [cast(value, Text) for value in (*[*values, *blanks][:3], *[*names, *blanks][:2])]
    return select(literal(kind, Text), *texts, *(cast(number, Integer) for number in numbers))  # type: ignore[return-value]  # it cannot count


def sums(filters: Sequence[CarFilter]) -> Select[Any]:
    """One row: how many cars on sale match each of these filters."""
    counts = [func.sum(case((and_(true(), *conditions(wanted).values()), 1), else_=0)) for wanted in filters]
    return select(*counts).where(on_sale())
