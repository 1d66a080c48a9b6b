"""The invented stock: the same for the same seed, true to Kroi's own rules, and whole in either database."""

import inspect
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask

from kroi.catalogue import service
from kroi.catalogue.listing import queries as listing
from kroi.catalogue.models import Car, Photo, PriceChange
from kroi.catalogue.rules import ON_SALE, search, slugs
from kroi.catalogue.rules.addresses import Asked
from kroi.catalogue.rules.facts import Facts
from kroi.db.model import db, session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from tests.benchmarks.addresses import Shoppers, take
from tests.benchmarks.stock import cars
from tests.benchmarks.stock.fill import fill
from tests.support import postgres
from tests.support.databases import migrate, settings_for

pytestmark = pytest.mark.slow

SOME = 300


def test_the_same_seed_makes_the_same_cars() -> None:
    assert list(cars.cars(SOME, seed=3)) == list(cars.cars(SOME, seed=3))
    assert list(cars.cars(SOME, seed=3)) != list(cars.cars(SOME, seed=4))


def test_a_small_stock_is_the_beginning_of_a_large_one() -> None:
    large = list(islice(cars.cars(cars.CHUNK + 5), SOME))
    assert large == list(cars.cars(SOME))
    assert sum(1 for _ in cars.cars(cars.CHUNK + 5)) == cars.CHUNK + 5


def test_what_cars_are_found_by_and_under_follows_the_rules() -> None:
    found_by = set(inspect.signature(search.search_text).parameters)
    for each in cars.cars(SOME):
        told = {name: value for name, value in each.car.items() if name in found_by}
        assert each.car["search_text"] == search.search_text(**told)
        assert each.car["slug"] == slugs.wanted(each.car["make"], each.car["model"], each.car["stock_number"])


def test_old_cars_are_cheaper_and_have_gone_further() -> None:
    made = [each.car for each in cars.cars(3_000) if each.car["price_cents"]]
    young = [car for car in made if car["model_year"] >= cars.NOW.year - 3]
    old = [car for car in made if car["model_year"] < cars.NOW.year - 10]
    for name, factor in (("price_cents", -1), ("mileage_km", 1)):
        averages = [sum(car[name] for car in some) / len(some) for some in (young, old)]
        assert factor * (averages[1] - averages[0]) > 0


def test_a_filled_database_is_one_that_kroi_might_have_written(engine: str, tmp_path: Path, app: Flask) -> None:
    url = f"sqlite:///{tmp_path / 'filled.sqlite3'}"
    if engine == "postgresql":
        url = postgres.shared().create("kroi_filled")
    settings = settings_for(url, tmp_path)
    migrate(settings, dealerships=False)
    fill(settings, SOME)
    made = list(cars.cars(SOME))
    own = create_app(settings)
    with own.app_context(), acting_for(dealerships.get_only_or_by_host(None).id):
        page = listing.browse(Asked())
        assert page.total == sum(each.car["status"] in ON_SALE for each in made)
        assert session.query(Photo).count() == sum(len(each.photos) for each in made)
        assert session.query(PriceChange).count() == sum(len(each.prices) for each in made)
        stored = session.get_one(Car, 7)
        assert {name: getattr(stored, name) for name in made[6].car} == made[6].car
        with transaction():
            added = service.add(Facts(make="Audi", model="A4"))
        assert added.id == SOME + 1
        session.remove()
        db.engine.dispose()


def test_no_address_is_given_twice() -> None:
    shoppers = Shoppers(1, SOME)
    given = [*take(shoppers.few(), 100), *take(shoppers.any(), 200), *take(shoppers.many(), 100)]
    assert len(set(given)) == 400
