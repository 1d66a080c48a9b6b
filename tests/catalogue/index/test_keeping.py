"""What the keeper of the indexes promises: never behind, never in the way, never another dealership's."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from kroi.catalogue import service as cars
from kroi.catalogue.cards import memory
from kroi.catalogue.changes import watch
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.index import checking, keeping
from kroi.catalogue.index import service as indexes
from kroi.catalogue.index.keeping import keeper
from kroi.catalogue.index.making import Maker
from kroi.catalogue.listing import counts, near
from kroi.catalogue.listing import queries as listing
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.rules.addresses import Asked
from kroi.catalogue.rules.filters import CarFilter, Choice, Sort, Span
from kroi.core import clock, events
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries


def _total(wanted: CarFilter | None = None) -> int:
    index = indexes.current()
    assert index
    return index.count(wanted or CarFilter()).total


def test_a_small_stock_is_indexed_at_once_and_told_of_every_change(app: Flask) -> None:
    first, second = make_car(make="Audi"), make_car(make="Seat", price_cents=9_000_00)
    assert _total() == 2
    kept = keeper.find(current_dealership_id())
    with transaction():
        cars.put_price(second, 11_000_00)
        first.status = CarStatus.SOLD
    make_car(make="Volvo")
    assert (_total(), _total(CarFilter(price=Span(low=10_000)))) == (2, 2)
    assert _total(CarFilter(make=Choice(("audi",)))) == 0
    assert keeper.find(current_dealership_id()) is kept


def test_inside_a_transaction_the_database_answers(app: Flask) -> None:
    car = make_car()
    assert _total() == 1
    with transaction():
        car.status = CarStatus.SOLD
        session.flush()
        assert indexes.current() is None
        assert counts.count(CarFilter()).total == 0
        session.rollback()


def test_another_workers_change_shows_within_half_a_second(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1_000.0
    monkeypatch.setattr("time.monotonic", lambda: moment)
    car = make_car()
    assert _total() == 1
    monkeypatch.setattr(watch, "look_again", lambda dealership_id: None)  # the change is another worker's
    with transaction():
        car.status = CarStatus.SOLD
    moment += 0.5
    assert _total() == 0


def test_a_page_after_a_change_takes_three_queries_at_most(app: Flask, client: Client) -> None:
    car = make_car()
    make_car()
    client.get("/cars/")
    for query in ("", "?q=audi&max_price=90000"):
        with transaction():
            cars.put_price(car, car.price_cents + 1_00)
        with counted_queries() as sent:
            client.get(f"/cars/{query}")
        assert len(sent) <= 3, sent


def test_the_index_and_the_database_make_the_same_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 3)
    for number in range(8):
        make_car(price_cents=number * 1_000_00, mileage_km=number or None, make="Audi" if number % 2 else "Seat")
    asked = [Asked(sort=sort, page=page) for sort in Sort for page in (1, 2, 3)]
    asked += [Asked(CarFilter(price=Span(low=3_000)), Sort.CHEAPEST), Asked(CarFilter(price=Span(low=90_000)))]
    pages = [listing.browse(one) for one in asked]
    asked += [Asked(page.filter, page.sort, page.next) for page in pages if page.next]
    asked += [Asked(page.filter, page.sort, page.previous) for page in pages if page.previous]
    by_index = [listing.browse(one) for one in asked]
    monkeypatch.setattr(indexes, "current", lambda: None)
    for one, page in zip(asked, by_index, strict=True):
        expected = listing.browse(one)
        assert (page.cards, page.first, page.here, page.next, page.previous, page.near) == (
            expected.cards, expected.first, expected.here, expected.next, expected.previous, expected.near
        ), one  # fmt: skip


def test_the_closest_cars_are_the_databases(app: Flask) -> None:
    for number in range(1, 9):
        make_car(price_cents=number * 1_000_00, model_year=2010 + number, mileage_km=number * 1_000)
    wanted = CarFilter(price=Span(4_500, 4_600), year=Span(low=2015), make=Choice(("audi",)))
    index = indexes.current()
    assert index
    for asked in (wanted, wanted.without("year"), CarFilter(year=Span(2030)), CarFilter(q="nothing")):
        dropped = index.count(asked).dropped
        assert near.list_near(asked, dropped, index) == near.list_near(asked, dropped), asked


def test_a_car_sold_this_moment_is_left_out_without_an_error(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_car(), make_car()
    assert _total() == 2
    monkeypatch.setattr(watch, "look_again", lambda dealership_id: None)
    with transaction():
        first.status = CarStatus.SOLD
    index = indexes.current()
    monkeypatch.setattr(indexes, "current", lambda: index)  # not looked again yet
    page = listing.browse(Asked())
    assert [card.id for card in page.cards] == [second.id]


def test_a_large_stock_is_left_to_a_thread_and_the_database_answers_meanwhile(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = Maker()
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    monkeypatch.setattr(keeper, "make", maker.ask)
    for _each in range(4):
        make_car()
    mine = current_dealership_id()
    session.commit()  # ends the read, as a request would
    assert indexes.current() is None
    assert counts.count(CarFilter()).total == 4
    session.commit()
    _wait_for(lambda: keeper.find(mine) is not None)
    assert _total() == 4
    make_car()
    assert _total() == 5
    maker.end()
    assert "kroi-index" not in {thread.name for thread in threading.enumerate()}


def test_the_newest_cars_are_read_before_anybody_asks_for_them(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = Maker()
    told: list[Sequence[int]] = []

    def then(newest: Sequence[int]) -> None:
        memory.list_cards(newest)
        told.append(newest)

    maker.then = then
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    monkeypatch.setattr(keeper, "make", maker.ask)
    cars = [make_car(listed_at=clock.now() - timedelta(days=days)).id for days in (3, 1, 2)]
    session.commit()
    assert indexes.current() is None
    session.commit()
    _wait_for(lambda: bool(told))
    maker.end()
    assert told == [[cars[1], cars[2], cars[0]]]
    with counted_queries() as queries:
        assert listing.browse(Asked()).total == 3
    assert not [query for query in queries if "FROM cars" in query]


def _wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not done():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_too_much_at_once_is_taken_anew(app: Flask) -> None:
    made = [make_car() for _each in range(3)]
    assert _total() == 3
    before = keeper.find(current_dealership_id())
    with transaction():
        session.execute(text("UPDATE cars SET status = 'sold' WHERE id = :id"), {"id": made[0].id})
        events.publish(CarsChanged(tuple(range(1, 1_200))))
    assert _total() == 2
    assert keeper.find(current_dealership_id()) is not before


@pytest.fixture
def behind_its_back(app: Flask) -> Iterator[str]:
    """Changes that nobody notes, for the stock of this fixture."""
    make_car(make="Audi", trim="S line")
    make_car(make="Seat")
    assert _total() == 2
    assert checking.check()
    yield "UPDATE cars SET {} WHERE make = 'Audi'"


@pytest.mark.parametrize(
    "change",
    [
        "status = 'sold'",
        "price_cents = price_cents + 1",
        "mileage_km = NULL",
        "make_slug = 'seat'",
        "colour = 'red'",
        "search_text = 'something else'",
    ],
)
def test_a_change_behind_its_back_is_noticed(behind_its_back: str, change: str) -> None:
    session.execute(text(behind_its_back.format(change)))
    session.commit()
    answers = [checking.check() for _facet in range(8)]  # one facet in turn
    assert not all(answers)
    expected = counts.count_in_database(CarFilter())
    found = indexes.current()
    assert found and found.count(CarFilter()).total == expected.total
    assert checking.check()


def test_each_dealership_has_its_own_index(app: Flask, there: Dealership) -> None:
    make_car(make="Audi")
    there_id = there.id
    assert _total() == 1
    with acting_for(there_id):
        make_car(make="Volvo")
        make_car(make="Volvo")
        index = indexes.current()
        assert index
        assert [one.value for one in index.count(CarFilter()).options("make")] == ["volvo"]
        assert [one.label for one in indexes.vocabulary().makes] == ["Volvo"]
    assert _total() == 1


def test_an_index_full_of_holes_is_made_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(keeping, "_SPARE", 0)
    monkeypatch.setattr(keeper, "make", lambda app, dealership_id: asked.append(dealership_id))
    car = make_car()
    for price in (1, 2, 3):
        assert _total() == 1
        with transaction():
            cars.put_price(car, price * 1_000_00)
    assert _total() == 1 and asked == [current_dealership_id()]


def test_the_vocabulary_names_what_is_on_sale(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_car(make="Škoda", model="Octavia", trim="Laurin")
    make_car(make="Lada", model="Niva", status="sold")
    found = indexes.vocabulary()
    assert [(one.value, one.label, one.count) for one in found.makes] == [("skoda", "Škoda", 1)]
    assert [(one.value, one.makes) for one in found.models] == [("octavia", ("skoda",))]
    assert {"laurin", "octavia", "farmari"} <= found.tokens
    assert indexes.vocabulary() is found
    monkeypatch.setattr(indexes, "current", lambda: None)
    by_database = indexes.vocabulary()
    assert (by_database.makes, by_database.models) == (found.makes, found.models)
