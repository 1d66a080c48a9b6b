"""Stock numbers and addresses: each car has its own, however many are added at once."""

import pytest
from flask import Flask

from kroi.catalogue import service
from kroi.catalogue.models import Car, OldSlug
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.rules import slugs as rules
from kroi.catalogue.rules.facts import Facts
from kroi.catalogue.slugs import service as slugs
from kroi.catalogue.stock_numbers import service as stock_numbers
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.crowd import at_once
from tests.support.makers import make_car

pytestmark = pytest.mark.slow


def test_numbers_follow_each_other(app: Flask) -> None:
    with transaction():
        assert list(stock_numbers.take(3)) == [10_001, 10_002, 10_003]
    with transaction():
        assert list(stock_numbers.take()) == [10_004]


def test_numbers_that_files_brought_are_left_out(app: Flask) -> None:
    make_car(stock_number="10002")
    make_car(stock_number="H7")
    with transaction():
        assert stock_numbers.take(2)[0] == 10_003


def test_an_undone_transaction_gives_its_numbers_back(app: Flask) -> None:
    class Undone(Exception):
        pass

    try:
        with transaction():
            stock_numbers.take(5)
            raise Undone
    except Undone:
        pass
    with transaction():
        assert stock_numbers.take()[0] == 10_001


def test_fifty_at_once_get_fifty_numbers_and_addresses(app: Flask) -> None:
    def one() -> str:
        with transaction():
            return service.add(Facts(make="Audi", model="A4")).stock_number

    numbers = at_once(app, [one] * 50)
    assert sorted(map(str, numbers)) == [str(10_001 + n) for n in range(50)]
    assert len({car.slug for car in session.query(Car)}) == 50


def test_each_house_counts_for_itself(app: Flask, there: Dealership) -> None:
    there_id = there.id
    with transaction():
        stock_numbers.take(7)
    with acting_for(there_id), transaction():
        assert stock_numbers.take()[0] == 10_001


def test_an_address_says_what_the_car_is() -> None:
    assert rules.wanted("Mercedes-Benz", "C 220", "10147") == "mercedes-benz-c-220-10147"
    assert rules.wanted("Škoda", "Octavia", "A/12") == "skoda-octavia-a-12"
    assert rules.wanted("日産", "", "7") == "7"
    assert rules.wanted("", "", "") == "car"
    assert len(rules.wanted("x" * 500, "y" * 500, "7" * 100)) <= 161


def test_addresses_that_would_be_the_same_are_told_apart(app: Flask) -> None:
    with transaction():
        assert slugs.take(["a", "a", "b", "a", "a-2"]) == ["a", "a-2", "b", "a-3", "a-2-2"]


def test_an_address_is_never_given_to_another_car(app: Flask) -> None:
    car = make_car(slug="audi-a4-1")
    with transaction():
        session.add(OldSlug(slug="audi-a4-2", car_id=car.id))
        assert slugs.take(["audi-a4-1", "audi-a4-2"]) == ["audi-a4-1-2", "audi-a4-2-2"]


def test_a_shown_car_that_is_renamed_keeps_its_old_address_as_a_redirect(app: Flask) -> None:
    with transaction():
        car = service.add(Facts(make="Adui", model="A4"))
        service.change_status(car, CarStatus.AVAILABLE)
    with transaction():
        service.edit(car, Facts(make="Audi", model="A4"))
    assert car.slug == "audi-a4-10001"
    assert [each.slug for each in session.query(OldSlug)] == ["adui-a4-10001"]
    with transaction():
        service.edit(car, Facts(make="Adui", model="A4"))
    assert car.slug == "adui-a4-10001"
    assert [each.slug for each in session.query(OldSlug)] == ["audi-a4-10001"]


def test_a_draft_that_is_renamed_leaves_nothing_behind(app: Flask) -> None:
    with transaction():
        car = service.add(Facts(make="Adui", model="A4"))
        service.edit(car, Facts(make="Audi", model="A4"))
    assert car.slug == "audi-a4-10001"
    assert session.query(OldSlug).count() == 0


def test_other_edits_keep_the_address(app: Flask) -> None:
    with transaction():
        car = service.add(Facts(make="Audi", model="A4"))
        before = car.slug
        service.edit(car, Facts(make="Audi", model="A4", trim="40 TDI", mileage_km=7))
    assert car.slug == before
