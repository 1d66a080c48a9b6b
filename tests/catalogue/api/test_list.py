"""The list for machines: the numbers and cars that the page shows, whatever is asked."""

import itertools
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kroi.catalogue.listing import queries as listing
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.rules.filters import FACETS, Sort
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.catalogue import brute
from tests.catalogue.api.conftest import Ask, follows
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

HOSTILE = ("'", '"; DROP TABLE cars; --', "<script>alert(1)</script>", "\x00", "%", "../../etc/passwd", "9" * 400, "-1",
           "1e9", "٣", "NaN", "\ud7ff\U0010ffff", "{{7*7}}", "a" * 5000, "%s%n", "n0-0-0", "na-99999999999999999-1",
           "[]", "null", "\r\nX: y")  # fmt: skip


def _total(page: str) -> int:
    found = re.search(r"<h1>Cars <span>([\d,]+)</span>", page)
    return int(found[1].replace(",", "")) if found else 0


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(brute.cars, min_size=5, max_size=20), asked=st.lists(brute.arguments, min_size=3, max_size=3))
def test_every_total_is_the_pages(app: Flask, drawn: list[Any], asked: list[dict[str, list[str]]]) -> None:
    client = app.test_client()
    brute.stock(drawn)
    app.extensions["kroi.pages"].forget_everything()  # rows that a test makes are news to nobody
    for arguments in asked:
        query = urlencode(arguments, doseq=True)
        answer = client.get(f"/api/v1/cars?{query}").json
        follows("Page", answer)
        assert answer and answer["total"] == _total(client.get(f"/cars/?{query}").text), query


def test_every_count_is_what_choosing_it_would_give(app: Flask, ask: Ask) -> None:
    brute.stock({"name": name, "fuel": fuel, "body": "suv", "drive": drive, "colour": "black", "status": status,
                 "price_cents": price} for name in brute.NAMES[:3] for fuel in ("diesel", None)
                for drive, status, price in (("awd", "available", 0), ("fwd", "reserved", 9_000_00)))  # fmt: skip
    for asked in ("", "fuel=diesel", "not_drive=awd&make=audi", "max_price=10000&q=audi"):
        page = ask(f"/cars?{asked}")
        for name, options in page["counts"].items():
            others = {key: value for key, value in page["filters"].items() if key not in (name, f"not_{name}")}
            for value, count in options.items():
                chosen = urlencode({**others, name: value}, doseq=True)
                assert ask(f"/cars?{chosen}")["total"] == count, (asked, name, value)


@pytest.mark.parametrize("sort", Sort)
def test_next_leads_to_each_car_once_and_ends(ask: Ask, monkeypatch: pytest.MonkeyPatch, sort: Sort) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 4)
    slugs = {make_car(price_cents=price, mileage_km=None if price else 5, model="A6").slug
             for price in (0, 0, 5_000_00, 5_000_00, 7_000_00, 9_000_00, 9_000_00, 9_000_00, 0)}  # fmt: skip
    make_car(make="Volvo")
    address, seen = f"/api/v1/cars?make=audi&sort={sort}&unknown=1", list[str]()
    while address:
        assert address.startswith("/api/v1/cars")
        page = ask(address.removeprefix("/api/v1"))
        assert page["total"] == 9 and page["sort"] == sort and len(page["cars"]) <= 4
        seen += [car["slug"] for car in page["cars"]]
        address = page["next"]
        assert len(seen) <= 9
    assert sorted(seen) == sorted(slugs)


def test_filters_say_what_was_understood_and_leave_out_the_rest(ask: Ask) -> None:
    make_car()
    asked = "fuel=petrol&fuel=diesel&fuel=coal&not_body=van&make=audi&make=never-ours&min_price=1000&max_price=lots"
    page = ask(f"/cars?{asked}&min_power=50&max_power=60&sort=odd&colour=%00&page=x")
    assert page["filters"] == {"fuel": ["diesel", "petrol"], "not_body": ["van"], "make": ["audi"],
                               "min_price": 1000, "min_power": 50}  # fmt: skip
    assert page["sort"] == "newest"
    assert ask("/cars")["filters"] == {}


def test_words_are_understood_as_on_the_page(client: Client, ask: Ask) -> None:
    make_car(model="A4", trim="Avant", price_cents=9_000_00)
    make_car(make="Volvo", model="V60", fuel="petrol", price_cents=30_000_00)
    for words in ("avant", "Volvo", "diesel under 10k", "not diesel", "Volvo diesel", "avnat", "nothing like it"):
        query = urlencode({"q": words})
        assert ask(f"/cars?{query}")["total"] == _total(client.get(f"/cars/?{query}").text), words
    assert ask("/cars?q=diesel+under+10k")["filters"] == {"fuel": ["diesel"], "max_price": 10_000}
    relaxed = ask("/cars?q=volvo+diesel")
    assert relaxed["total"] == 1 and len(relaxed["filters"]) == len(relaxed["relaxed"]) == 1


def test_nothing_hostile_is_more_than_ignored(client: Client) -> None:
    make_car()
    names = ("q", "make", "not_model", "fuel", "status", "min_price", "max_monthly", "sort", "after", "page", "'%00\n")
    for name, value in itertools.product(names, HOSTILE):
        answer = client.get(f"/api/v1/cars?{urlencode({name: value})}")
        assert answer.status_code == 200 and answer.content_type == "application/json"
        follows("Page", answer.json)
        assert answer.json and (name == "q" or answer.json["total"] == 1)


def test_only_cars_on_sale_are_there_with_their_facts(ask: Ask) -> None:
    for status in CarStatus:
        make_car(status=status, model=status.title(), price_cents=12_345_50)
    page = ask("/cars")
    assert page["total"] == 2 and page["counts"]["status"] == {"available": 1, "reserved": 1}
    assert {car["model"] for car in page["cars"]} == {"Available", "Reserved"}
    assert page["names"]["model"] == {"available": "Available", "reserved": "Reserved"}
    first = page["cars"][0]
    assert first["price"] == {"amount": 12_346, "currency": "EUR"} and first["mileage_km"] == 120_000
    assert first["url"] == f"http://a.test:8000/cars/{first['slug']}" and first["photo"] is None
    assert first["listed_at"].endswith("Z")


def test_a_price_on_request_is_null_and_no_facet_is_missing(ask: Ask) -> None:
    make_car(price_cents=0, fuel=None, body=None, transmission=None, mileage_km=None, model_year=None, listed_at=None)
    page = ask("/cars")
    assert page["cars"][0]["price"]["amount"] is None and page["cars"][0]["fuel"] is None
    assert set(page["counts"]) == set(FACETS)
    assert ask("/cars?max_price=1000000")["total"] == 0


def test_another_dealerships_cars_never_show(app: Flask, client: Client, ask: Ask, there: Dealership) -> None:
    make_car(make="Audi", model="A4")
    with acting_for(there.id):
        theirs = make_car(make="Volvo", model="V60", colour="orange", trim="Secret").slug
    for query in ("", "?make=volvo", "?q=secret", "?colour=orange", "?not_make=audi", "?sort=price&page=2"):
        answer = client.get(f"/api/v1/cars{query}").json
        assert answer and not re.search("volvo|secret|orange", str(answer | {"filters": {}, "relaxed": {}}), re.I), (
            query
        )
    ask(f"/cars/{theirs}", 404)
    client.host = "b.test"
    assert ask("/cars")["counts"]["make"] == {"volvo": 1}
    assert ask(f"/cars/{theirs}")["url"] == f"http://b.test:8000/cars/{theirs}"


def test_it_asks_the_database_no_more_than_the_page_does(client: Client) -> None:
    for _each in range(30):
        make_car()
    sent = []
    for address in ("/cars/?fuel=diesel&sort=price", "/api/v1/cars?not_body=van&sort=price"):
        client.get("/privacy")
        with counted_queries() as queries:
            assert client.get(address).status_code == 200
        sent.append(len(queries))
    assert sent[1] <= sent[0]
