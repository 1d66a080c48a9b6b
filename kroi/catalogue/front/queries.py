"""Reads for the front page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import literal_column, select, union_all

from kroi.catalogue import queries as catalogue
from kroi.catalogue.listing import counts
from kroi.catalogue.listing.counts import Counts
from kroi.catalogue.listing.statement import MILEAGE_STEP, PRICE_STEP
from kroi.catalogue.models import Car
from kroi.catalogue.queries import CARD_COLUMNS, CarCard, card
from kroi.catalogue.rules import ON_SALE, Body, Drive, Fuel, Transmission
from kroi.catalogue.rules.filters import EVERYTHING, FACETS, CarFilter, Choice, Span
from kroi.db.model import session

NEEDS: dict[str, CarFilter] = {
    "awd": CarFilter(drive=Choice((Drive.AWD,))),
    "estate": CarFilter(body=Choice((Body.ESTATE,))),
    "suv": CarFilter(body=Choice((Body.SUV,))),
    "automatic": CarFilter(transmission=Choice((Transmission.AUTOMATIC,))),
    "plug": CarFilter(fuel=Choice((Fuel.ELECTRIC, Fuel.PLUG_IN_HYBRID))),
    "few_km": CarFilter(mileage=Span(high=100_000)),
    "cheap": CarFilter(price=Span(high=10_000)),
}
_STEPS = {"price": PRICE_STEP, "mileage": MILEAGE_STEP}
_THRESHOLDS = (2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500)  # thousand euros
_LOOKED_AT = 12  # newest cars, for one with a photo
_SHARES = (0.15, 0.5, 0.85)  # of the cars lie below the ends of the budgets


@dataclass(frozen=True)
class Front:
    """What the front page shows. `budgets` and `needs` come with their exact counts."""

    counts: Counts
    newest: tuple[CarCard, ...]
    photo: CarCard | None
    budgets: tuple[tuple[Span, int], ...]
    needs: tuple[tuple[str, int], ...]


def get_front() -> Front:
    """The front page's facts, in four statements."""
    found = counts.count(EVERYTHING)
    spans = _budgets(found)
    numbers = zip(spans, counts.count_each([CarFilter(price=span) for span in spans]), strict=True)
    needs = ((name, _count(found, wanted)) for name, wanted in NEEDS.items())
    newest = catalogue.list_newest(_LOOKED_AT)
    return Front(
        counts=found,
        newest=tuple(newest[:4]),
        photo=_find_photo(newest[:4]) or next((one for one in newest[4:] + newest[:4] if one.cover), None),
        budgets=tuple((span, number) for span, number in numbers if number),
        needs=tuple((name, number) for name, number in needs if number),
    )


def _count(found: Counts, wanted: CarFilter) -> int:
    """How many cars a need has, from what is counted already: of values, or of steps up to an end."""
    (name,) = wanted.active()
    if name in FACETS:
        counted = dict(zip(*found.facets[name], strict=True))
        return sum(counted.get(value, 0) for value in wanted.choice(name).any_of)
    ends = (wanted.span(name).high or 0) // _STEPS[name]
    steps = found.steps[name]
    return sum(count for at, count in zip(steps.values, steps.counts, strict=True) if at < ends)


def _budgets(found: Counts) -> list[Span]:
    """Up to four spans of price with round ends that split the stock usefully."""
    steps = dict(sorted(zip(found.steps["price"].values, found.steps["price"].of, strict=True)))
    ends: list[int] = []
    for share in _SHARES if steps else ():
        below = _step_at(steps, sum(steps.values()) * share)
        left = [threshold for threshold in _THRESHOLDS if not ends or threshold * 1000 > ends[-1]]
        ends += [min(left, key=lambda threshold: abs(threshold - below)) * 1000] if left else []
    if not ends:
        return []
    return [
        Span(high=ends[0]),
        *(Span(low, high) for low, high in zip(ends, ends[1:], strict=False)),
        Span(low=ends[-1]),
    ]


def _step_at(steps: dict[int, int], wanted: float) -> int:
    seen = 0
    for at, number in steps.items():
        seen += number
        if seen >= wanted:
            return at + 1
    return 0


def _find_photo(shown: Sequence[CarCard]) -> CarCard | None:
    """The newest featured car on sale that has photos and is not `shown` below already; a short walk per status."""
    featured = select(Car.id.label("id"), Car.listed_at.label("at")).where(
        Car.featured,
        Car.photo_count > literal_column("0"),  # as the index of the featured cars says it, not a parameter
        Car.listed_at.is_not(None),
        Car.id.not_in([one.id for one in shown]),
    )
    last = featured.order_by(Car.listed_at.desc(), Car.id.desc()).limit(1)
    found = union_all(*(select(last.where(Car.status == status).subquery()) for status in ON_SALE)).subquery()
    query = select(*CARD_COLUMNS).join(found, found.c.id == Car.id).order_by(found.c.at.desc(), found.c.id.desc())
    row = session.execute(query.limit(1)).first()
    return card(row) if row else None
