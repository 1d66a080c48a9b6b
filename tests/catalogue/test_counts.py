"""Every number of the list equals one counted by hand, whatever the stock and the filters."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kroi.catalogue.listing import counts
from kroi.catalogue.rules import ON_SALE, addresses
from kroi.catalogue.rules.filters import CarFilter, Choice, Span
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.catalogue import brute
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

_MANY = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_MANY
@given(
    drawn=st.lists(brute.cars, max_size=30),
    asked=st.lists(brute.arguments, min_size=8, max_size=8),
    several=st.booleans(),
)
def test_every_count_equals_one_by_hand(
    app: Flask, drawn: list[Any], asked: list[dict[str, list[str]]], several: bool
) -> None:
    with transaction():
        brute.stand_at(several)
        cars = brute.stock(drawn)
        for arguments in asked:
            wanted = addresses.read(arguments).filter
            brute.compare(counts.count(wanted), cars, wanted)
            everything = sum(car.status in ON_SALE for car in cars)
            assert counts.count_each([wanted, CarFilter()]) == [counts.count(wanted).total, everything]
        session.rollback()


def test_a_make_that_was_never_ours_is_ignored_and_one_that_sold_out_is_not(app: Flask) -> None:
    make_car(make="Audi")
    make_car(make="Volvo", status="sold")
    make_car(make="Lada", status="draft")
    for make, total in (("nosuch", 1), ("lada", 1), ("volvo", 0), ("audi", 1)):
        assert counts.count(CarFilter(make=Choice((make,)))).total == total, make
    found = counts.count(CarFilter(make=Choice(("audi", "nosuch"))))
    assert CarFilter(make=Choice(("audi", "nosuch"))).among(found.known).make == Choice(("audi",))


def test_price_on_request_is_outside_every_price_bound(app: Flask) -> None:
    make_car(price_cents=0)
    for span in (Span(low=0), Span(high=1_000_000), Span(0, 5)):
        assert counts.count(CarFilter(price=span)).total == 0
    assert counts.count(CarFilter()).total == 1


def test_another_dealerships_cars_are_never_counted(app: Flask, there: Dealership) -> None:
    ours = make_car(make="Audi", model="A4")
    with acting_for(there.id):
        make_car(make="Audi", model="A4", drive="awd")
        make_car(make="Volvo", model="V60", status="sold")
    with acting_for(ours.dealership_id):
        found = counts.count(CarFilter(make=Choice(("audi", "volvo")), q="a"))
        assert (found.total, list(found.facets["make"].counts)) == (1, [1])
        assert found.options("drive") == []
        assert set(found.known["make"]) == {"audi"}
        assert counts.count_each([CarFilter()]) == [1]
