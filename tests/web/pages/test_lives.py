"""A page lives until something changes, or until what it says is over though nothing does: to the second."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from kroi.catalogue import service
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus, moves, prices
from kroi.catalogue.rules.lapses import NEW_FOR
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.web.pages.asking import memory, seen, text

SECOND = timedelta(seconds=1)
SHOWN = ("/", "/cars/", "/cars/audi-a4-1")
MORNING = "2026-11-02T04:00:00Z"  # a Monday; nobody opens, closes or goes to bed for hours


def test_a_new_car_joins_the_similar_ones_of_a_kept_page_within_the_hour(client: Client, app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False) as now:
        make_car(slug="audi-a4-1")
        text(client, "/cars/audi-a4-1")
        make_car(slug="audi-a4-2")
        now.shift(timedelta(minutes=59))
        assert "audi-a4-2" not in text(client, "/cars/audi-a4-1")
        now.shift(timedelta(minutes=1))
        assert "audi-a4-2" in text(client, "/cars/audi-a4-1")


@pytest.mark.parametrize("path", ["/", "/cars/", "/privacy"])
def test_it_lives_for_hours(client: Client, app: Flask, path: str) -> None:
    with time_machine.travel(MORNING, tick=False) as now:
        make_car(slug="audi-a4-1", listed_at=clock.now() - 2 * NEW_FOR)
        text(client, path)
        now.shift(timedelta(hours=2))
        with seen(app) as figures:
            text(client, path)
        assert figures.hits == 1


@pytest.mark.parametrize("path", SHOWN)
def test_a_car_is_new_to_the_second(client: Client, app: Flask, path: str) -> None:
    with time_machine.travel(MORNING, tick=False) as now:
        make_car(slug="audi-a4-1", listed_at=clock.now() - NEW_FOR + 10 * SECOND)
        assert ">New<" in text(client, path)
        for seconds, hits, is_new in ((9, 1, True), (2, 0, False)):
            now.shift(seconds * SECOND)
            with seen(app) as figures:
                found = text(client, path)
            assert (figures.hits, ">New<" in found) == (hits, is_new)


@pytest.mark.parametrize("path", SHOWN)
def test_an_earlier_price_is_struck_to_the_second(client: Client, app: Flask, path: str) -> None:
    with time_machine.travel(MORNING, tick=False) as now:
        car = make_car(slug="audi-a4-1", price_cents=15_000_00, listed_at=clock.now() - timedelta(days=40))
        now.shift(timedelta(days=1))
        with transaction():
            service.put_price(session.get_one(Car, car.id), 14_000_00)
        now.shift(prices.SHOWN_FOR - 10 * SECOND)
        assert "1,000" in text(client, path)
        now.shift(9 * SECOND)
        with seen(app) as figures:
            assert "1,000" in text(client, path)
        assert figures.hits == 1
        now.shift(SECOND)
        assert "€1,000" not in text(client, path)


def test_a_sold_cars_page_is_over_to_the_second(client: Client, app: Flask, here: Dealership) -> None:
    with time_machine.travel(MORNING, tick=False) as now:
        make_car(slug="audi-a4-1", status=CarStatus.SOLD, sold_at=clock.now() - moves.SOLD_PAGE_STAYS + 10 * SECOND)
        assert client.get("/cars/audi-a4-1").status_code == 200 and memory(app).shelves.described()["pages"] == 1
        now.shift(11 * SECOND)
        assert client.get("/cars/audi-a4-1").status_code == 410
