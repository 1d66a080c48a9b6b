"""The index says what the database says and what is counted by hand, whatever the stock, the filter and the edits."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kroi.catalogue.index import building
from kroi.catalogue.index.keeping import Kept
from kroi.catalogue.index.service import Index
from kroi.catalogue.listing import counts
from kroi.catalogue.models import Car
from kroi.catalogue.rules import ON_SALE, CarStatus, addresses, search
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import FACETS, CarFilter, Choice, Sort
from kroi.catalogue.rules.numbers import Counts
from kroi.core import text
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.catalogue import brute

pytestmark = pytest.mark.slow

_SOME = settings(max_examples=8, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
_asked = st.lists(brute.arguments, min_size=6, max_size=6)
_edits = st.lists(st.tuples(st.integers(0, 29), brute.cars), max_size=12)


def indexed() -> Kept:
    """An index of the stock as the open transaction sees it."""
    made = building.build_small(1_000)
    assert made
    return Kept(*made)


@_SOME
@given(drawn=st.lists(brute.cars, max_size=30), asked=_asked, edits=_edits, several=st.booleans())
def test_every_number_is_the_databases_and_the_one_by_hand(
    app: Flask, drawn: list[Any], asked: list[dict[str, list[str]]], edits: list[Any], several: bool
) -> None:
    with transaction():
        brute.stand_at(several)
        cars = brute.stock(drawn)
        kept = indexed()
        filters = [addresses.read(arguments).filter for arguments in asked]
        for at, wanted in enumerate(filters):
            _compare(Index(kept), cars, wanted, at)
        _edit(kept, cars, edits)
        anew = Index(indexed())
        for at, wanted in enumerate(filters):
            _compare(Index(kept), cars, wanted, at + 3)
            assert _plain(anew.count(wanted)) == _plain(Index(kept).count(wanted))
        session.rollback()


def _compare(index: Index, cars: list[Car], wanted: CarFilter, turn: int) -> None:
    found = index.count(wanted)
    brute.compare(found, cars, wanted)
    assert _plain(found) == _plain(counts.count_in_database(wanted))
    assert index.count_all(wanted) == found.total
    cursors = _cursors(cars)
    cursor = cursors[turn % len(cursors)]
    assert index.count(wanted, cursor).before == counts.count_in_database(wanted, cursor).before, cursor


def _plain(found: Counts) -> dict[str, Any]:
    options = {name: set(found.options(name)) for name in FACETS}
    steps = {name: set(zip(*steps, strict=True)) for name, steps in found.steps.items()}
    return {**vars(found), "facets": options, "steps": steps, "naming": None}


def _cursors(cars: list[Car]) -> list[Cursor]:
    """One place in each order, each way."""
    ids = [car.id for car in cars] or [1]
    return [
        Cursor(sort, value, ids[at % len(ids)], back=bool(at % 2))
        for at, (sort, value) in enumerate(
            [(Sort.NEWEST, 1_777_636_800_000_000), (Sort.CHEAPEST, 15_900_00), (Sort.DEAREST, 10_000_00)]
            + [(Sort.MILEAGE, 5_000), (Sort.YEAR, 2019), (Sort.YEAR, None), (Sort.CHEAPEST, None)]
        )
    ]


def _edit(kept: Kept, cars: list[Car], edits: list[Any]) -> None:
    """Change, sell and add cars, and tell the index as its keeper would."""
    for at, values in edits:
        if at < len(cars):
            _write(cars[at], dict(values))
        else:
            cars += brute.stock([values])
        car = cars[at] if at < len(cars) else cars[-1]
        session.flush()
        kept.read([car.id])


def _write(car: Car, values: dict[str, Any]) -> None:
    car.make, car.model = values.pop("name")
    car.make_slug, car.model_slug = text.slug(car.make), text.slug(car.model)
    brute.move(car, values.pop("location_id"))
    for name, value in values.items():
        setattr(car, name, value)
    car.search_text = search.search_text(
        make=car.make, model=car.model, trim=car.trim, stock_number=car.stock_number, model_year=car.model_year,
        body=car.body, fuel=car.fuel, transmission=car.transmission, drive=car.drive, colour=car.colour,
    )  # fmt: skip


@_SOME
@given(drawn=st.lists(brute.cars, min_size=1, max_size=30), edits=_edits, start=st.integers(0, 12))
def test_its_pages_are_the_list_in_order(app: Flask, drawn: list[Any], edits: list[Any], start: int) -> None:
    wanted = CarFilter(status=Choice(none_of=(CarStatus.RESERVED,)))
    with transaction():
        cars = brute.stock(drawn)
        kept = indexed()
        _edit(kept, cars, edits)
        matching = [car for car in cars if car.status in ON_SALE and car.status is not CarStatus.RESERVED]
        for sort in Sort:
            expected = [car.id for car in brute.ordered(matching, sort)]
            places = Index(kept).list_places(wanted, sort, start, 7)
            assert [place.id for place in places] == expected[start : start + 7], sort
        session.rollback()
