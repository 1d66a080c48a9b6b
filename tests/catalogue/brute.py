"""The listing by brute force in Python, to compare the database's answers with; and random stock for it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from kroi.catalogue.finance.rules import Terms, monthly_cents
from kroi.catalogue.models import Car
from kroi.catalogue.places import service as places
from kroi.catalogue.rules import ON_SALE, Body, CarStatus, Colour, Drive, Fuel, Transmission
from kroi.catalogue.rules.filters import FACETS, SPANS, CarFilter, Sort
from kroi.catalogue.rules.numbers import STEPS, Counts
from kroi.core.text import fold
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import in_transaction, transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from tests.support.makers import make_car

_FIRST = datetime(2026, 5, 1, 12, tzinfo=UTC)
NAMES = [("Audi", "A4"), ("Audi", "Q5"), ("BMW", "320"), ("Škoda", "Octavia"), ("Mercedes-Benz", "C"), ("Seat", "A4")]

cars = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "trim": st.sampled_from(["", "2.0 TDI quattro", "50% off_road", "Sähkölämmitys"]),
        "body": st.sampled_from([None, Body.ESTATE, Body.SUV, Body.SEDAN]),
        "fuel": st.sampled_from([None, Fuel.DIESEL, Fuel.PETROL, Fuel.ELECTRIC]),
        "transmission": st.sampled_from([None, *Transmission]),
        "drive": st.sampled_from([None, *Drive]),
        "colour": st.sampled_from([None, Colour.BLACK, Colour.WHITE]),
        "location_id": st.sampled_from([None, None, 1, 2, 7]),
        "status": st.sampled_from([*ON_SALE, *ON_SALE, *CarStatus]),
        "price_cents": st.sampled_from([0, 9_999_99, 10_000_00, 10_000_50, 15_900_00, 15_900_00, 60_000_00]),
        "mileage_km": st.sampled_from([None, 0, 5_000, 5_001, 120_000]),
        "model_year": st.sampled_from([None, 2015, 2019, 2024]),
        "power_kw": st.sampled_from([None, 66, 110]),
        "listed_at": st.sampled_from([None, _FIRST, _FIRST, _FIRST + timedelta(microseconds=1), _FIRST + timedelta(9)]),
    }
)
_numbers = st.sampled_from(
    ["0", "66", "200", "2015", "2019", "5000", "10000", "15900", "60000", "abc", "-5", "1e9", "٣"]
)
_words = st.sampled_from(["audi", "SKODA oct", "tdi 2.0", "%", "_", "sahko", "estate", "\x00", " "])
_values = {
    "make": ["audi", "bmw", "skoda", "seat", "nosuch", "Audi", "a b"],
    "model": ["a4", "q5", "320", "octavia", "nosuch"],
    "location": ["a-motors", "yard", "yard-2", "nosuch"],
    **{name: [*sorted(known), "nosuch"] for name, known in FACETS.items() if known},
}
arguments = st.fixed_dictionaries(
    {},
    optional={
        "q": st.lists(_words, max_size=2),
        **{name: st.lists(st.sampled_from(values), max_size=3) for name, values in _values.items()},
        **{f"not_{name}": st.lists(st.sampled_from(values), max_size=2) for name, values in _values.items()},
        **{end: st.lists(_numbers, max_size=2) for ends in SPANS.values() for end in ends if end},
    },
)  # fmt: skip


_where: dict[int, int | None] = {}  # the location of each car
CODES = {1: "yard", 2: "yard-2"}  # of the other places; there is none of the id 7


def stand_at(several: bool) -> None:
    """The dealership has several places, or only one. In a transaction."""
    names = {1: "Yard", 2: "YÄRD"} if several else {}
    row = session.get_one(Dealership, current_dealership_id())
    row.locations = [{"id": each, "name": name} for each, name in names.items()]
    dealerships.forget_map()


def move(car: Car, location_id: int | None) -> None:
    """The car stands there."""
    places.move(car.id, location_id)
    _where[car.id] = location_id


def stock(drawn: Iterable[dict[str, Any]]) -> list[Car]:
    """These cars, stored."""
    return [_stored(dict(one)) for one in drawn]


def _stored(values: dict[str, Any]) -> Car:
    make, model = values.pop("name")
    location_id = values.pop("location_id", None)
    car = make_car(make=make, model=model, **values)
    with nullcontext() if in_transaction() else transaction():
        move(car, location_id)
    return car


def fits(car: Car, wanted: CarFilter, all_cars: Iterable[Car], *, without: str = "") -> bool:
    """Is this car on the list, with one filter perhaps left out?"""
    return car.status in ON_SALE and all(
        _fits(car, name, wanted, all_cars) for name in (*FACETS, *SPANS, "q") if name != without
    )


def _fits(car: Car, name: str, wanted: CarFilter, all_cars: Iterable[Car]) -> bool:
    if name == "q":
        return all(word in car.search_text for word in fold(wanted.q).split())
    if name in SPANS:
        value = {
            "price": car.price_cents or None,
            "year": car.model_year,
            "mileage": car.mileage_km,
            "power": car.power_kw,
            "monthly": monthly_cents(car.price_cents, Terms()) or None,
        }[name]
        span, unit = wanted.span(name), 100 if name in ("price", "monthly") else 1
        if not span:
            return True
        if value is None:
            return False
        return (span.low is None or value >= span.low * unit) and (span.high is None or value <= span.high * unit)
    choice, own = wanted.choice(name), facet(car, name)
    if name == "location":
        known = {*CODES.values(), "a-motors"} if own else set()
        any_of, none_of = known & {*choice.any_of}, known & {*choice.none_of}
        return (not any_of or own in any_of) and own not in none_of
    ours = {facet(each, name) for each in all_cars if each.status is not CarStatus.DRAFT}
    chosen = {one for one in choice.any_of if FACETS[name] or one in ours}
    return (not chosen or own in chosen) and own not in choice.none_of


def facet(car: Car, name: str) -> str | None:
    """The car's value of a facet as addresses have it."""
    if name == "location":
        several = session.get_one(Dealership, current_dealership_id()).locations
        return CODES.get(_where[car.id] or 0, "a-motors") if several else None
    column = {"make": "make_slug", "model": "model_slug"}.get(name, name)
    value = getattr(car, column)
    return None if value is None else str(value)


def count(all_cars: list[Car], wanted: CarFilter, name: str) -> Counter[str]:
    """The count beside each choice of a facet."""
    found: Counter[str] = Counter()
    for car in all_cars:
        value = facet(car, name)
        if car.status in ON_SALE and value is not None:
            found[value] += fits(car, wanted, all_cars, without=name)
    return found


def ordered(all_cars: Iterable[Car], sort: Sort) -> list[Car]:
    """Cars in the list's order."""

    def key(car: Car) -> tuple[bool, Any, int]:
        value: Any = {
            Sort.NEWEST: car.listed_at and car.listed_at.timestamp(),
            Sort.CHEAPEST: car.price_cents or None,
            Sort.DEAREST: car.price_cents or None,
            Sort.MILEAGE: car.mileage_km,
            Sort.YEAR: car.model_year,
        }[sort]
        sign = -1 if sort in (Sort.NEWEST, Sort.DEAREST, Sort.YEAR) else 1
        return value is None, sign * (value or 0), sign * car.id

    return sorted(all_cars, key=key)


def compare(found: Counts, all_cars: list[Car], wanted: CarFilter) -> None:
    """Every number is the one counted here."""
    assert found.on_sale == sum(car.status in ON_SALE for car in all_cars)
    assert found.total == sum(fits(car, wanted, all_cars) for car in all_cars)
    for name in FACETS:
        assert dict(zip(*found.facets[name], strict=True)) == count(all_cars, wanted, name), name
    for name in wanted.active():
        assert found.dropped[name] == sum(fits(car, wanted, all_cars, without=name) for car in all_cars), name
    for name in STEPS:
        assert set(zip(*found.steps[name], strict=True)) == _steps(all_cars, wanted, name), name


def _steps(all_cars: list[Car], wanted: CarFilter, name: str) -> set[tuple[int, int, int]]:
    """Each step with the cars that fit, and all."""
    column = {"price": "price_cents", "mileage": "mileage_km", "year": "model_year"}[name]
    unit = 100_000 if name == "price" else 5_000
    inside: dict[int, list[Car]] = defaultdict(list)
    for car in all_cars:
        value = getattr(car, column)
        if car.status in ON_SALE and value is not None and not (name == "price" and value == 0):
            inside[value if name == "year" else max(value - 1, 0) // unit].append(car)
    return {
        (at, sum(fits(car, wanted, all_cars, without=name) for car in here), len(here)) for at, here in inside.items()
    }
