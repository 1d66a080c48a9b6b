"""The list by place, once a dealership has several: counted, chosen, said, and gone with the second place."""

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.catalogue import service as cars
from kroi.catalogue.index import service as indexes
from kroi.catalogue.index.keeping import keeper
from kroi.catalogue.models import Car
from kroi.catalogue.places import rules, service
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealership_queries
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules.places import Place
from tests.catalogue.api.conftest import follows
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
BOX = re.compile(
    r'<label class="check[^"]*"><input class="tick" type="checkbox" name="location" value="([^"]+)"( checked)?>'
    r'<span>([^<]+)</span> <span class="count">([0-9]+)</span>'
)


def open_places(here: Dealership, *names: str) -> None:
    """The dealership has these beside its main place."""
    with transaction():
        found = [{"id": at, "name": name} for at, name in enumerate(names, 1)]
        dealerships.change_profile(here.id, locations=found)
    dealership_queries.forget_map()


def put(car: Car, location_id: int | None) -> None:
    with transaction():
        service.move(car.id, location_id)


@pytest.fixture
def several(here: Dealership) -> Iterator[list[Car]]:
    """Two cars at the main place, one of them a diesel, a petrol car in the yard, none in the port."""
    open_places(here, "Yard", "Port Kilmara")
    cars = [make_car(model=name, fuel=fuel) for name, fuel in (("A1", "diesel"), ("A2", "petrol"), ("A3", "petrol"))]
    put(cars[2], 1)
    yield cars
    dealership_queries.forget_map()


def boxes(page: str) -> list[tuple[str, str, int, bool]]:
    """Code, name, count, and whether it is chosen, as they stand."""
    return [(code, html.unescape(name), int(count), bool(on)) for code, on, name, count in BOX.findall(page)]


def canonical(page: str) -> str:
    found = re.search(r'<link rel="canonical" href="http://[^/]+([^"]+)">', page)
    assert found
    return found[1]


def names(page: str) -> list[str]:
    return sorted(re.findall(r'<h[23]><a href="/cars/[^"]+">([^<]+)</a>', page))


def test_a_house_with_one_place_has_no_such_filter(client: Client) -> None:
    make_car()
    page, asked = client.get("/cars/").text, client.get("/cars/?location=a-motors&not_location=yard")
    assert "location" not in page and "1–1 / 1 car" in asked.text and "location" not in asked.text
    answer = client.get("/api/v1/cars?location=yard").json
    assert answer and (answer["total"], answer["filters"], answer["counts"]["location"]) == (1, {}, {})
    assert answer["cars"][0]["location"] is None


@pytest.mark.usefixtures("several")
def test_places_are_alternatives_and_combine_with_the_other_filters(client: Client) -> None:
    main, yard = ("a-motors", "A Motors"), ("yard", "Yard")
    assert boxes(client.get("/cars/").text) == [(*main, 2, False), (*yard, 1, False)]
    page = client.get("/cars/?location=yard").text
    assert names(page) == ["Audi A3"] and boxes(page) == [(*main, 2, False), (*yard, 1, True)]
    assert canonical(page) == "/cars/?location=yard"
    assert names(client.get("/cars/?location=a-motors&fuel=petrol").text) == ["Audi A2"]
    assert boxes(client.get("/cars/?location=yard&fuel=petrol").text) == [(*main, 1, False), (*yard, 1, True)]
    assert len(names(client.get("/cars/?location=yard&location=a-motors").text)) == 3
    assert names(client.get("/cars/?not_location=a-motors").text) == ["Audi A3"]


@pytest.mark.usefixtures("several")
def test_a_chosen_place_is_a_chip_and_an_empty_list_says_to_drop_it(client: Client) -> None:
    page = html.unescape(client.get("/cars/?location=yard&fuel=petrol").text)
    cross = '<span class="hidden-text">Remove:</span>'
    assert re.search(rf'<a class="chip" href="/cars/\?fuel=petrol"[^>]*>{cross}Yard', page)
    assert "not A Motors" in client.get("/cars/?not_location=a-motors").text
    empty = html.unescape(client.get("/cars/?location=port-kilmara").text)
    assert "Drop “Port Kilmara”" in empty and boxes(empty)[-2] == ("port-kilmara", "Port Kilmara", 0, True)


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("code", ["nosuch", "1", "0", "Yard", "", "x" * 500, "yard'--", "\x00"])
def test_a_place_that_is_none_is_ignored(client: Client, code: str) -> None:
    page = client.get("/cars/?" + urlencode({"location": code}))
    assert page.status_code == 200 and len(names(page.text)) == 3
    assert canonical(page.text) == "/cars/"


@pytest.mark.usefixtures("several")
def test_machines_ask_and_hear_it_too(client: Client) -> None:
    answer = client.get("/api/v1/cars?location=yard").json
    follows("Page", answer)
    assert answer and answer["counts"]["location"] == {"a-motors": 2, "yard": 1}
    assert answer["names"]["location"] == {"a-motors": "A Motors", "yard": "Yard"}
    [car] = answer["cars"]
    assert car["location"] == {"code": "yard", "name": "Yard"} and answer["filters"] == {"location": ["yard"]}
    one = client.get("/api/v1/cars/" + car["slug"]).json
    follows("CarDetails", one)
    assert one and one["location"] == car["location"]


def test_a_car_that_moves_is_seen_there_at_once(
    client: Client, several: list[Car], signed_in: SignIn, boris: User
) -> None:
    assert names(client.get("/cars/?location=yard").text) == ["Audi A3"] and indexes.current()
    slug = several[0].slug
    assert client.get(f"/api/v1/cars/{slug}").json["location"]["code"] == "a-motors"  # type: ignore[index]
    form = {"make": "Audi", "model": "A1", "condition": "used", "price": "10000", "location": "1"}
    seen = cars.version_of(session.get_one(Car, several[0].id))
    assert signed_in(boris).post(f"/staff/cars/{several[0].id}", data=form | {"seen": seen}).status_code == 303
    assert names(client.get("/cars/?location=yard").text) == ["Audi A1", "Audi A3"]
    assert boxes(client.get("/cars/").text) == [("a-motors", "A Motors", 1, False), ("yard", "Yard", 2, False)]
    assert client.get(f"/api/v1/cars/{slug}").json["location"]["code"] == "yard"  # type: ignore[index]


def test_a_place_that_is_renamed_or_closed_takes_its_cars_along(
    client: Client, several: list[Car], signed_in: SignIn, olga: User
) -> None:
    desk, page = signed_in(olga), client.get("/cars/").text
    form = {"name": "Harbour", "cars": f"{several[0].stock_number} {several[2].stock_number}"}
    assert desk.post("/staff/settings/locations/1", data=form).status_code == 303
    page = client.get("/cars/").text
    assert boxes(page) == [("a-motors", "A Motors", 1, False), ("harbour", "Harbour", 2, False)]
    assert len(names(client.get("/cars/?location=yard").text)) == 3, "the former code is ignored"
    desk.post("/staff/settings/locations/1/removal")
    assert boxes(client.get("/cars/").text) == [("a-motors", "A Motors", 3, False)]
    desk.post("/staff/settings/locations/2/removal")
    assert "location" not in client.get("/cars/").text


@pytest.mark.usefixtures("several")
def test_it_costs_no_query_and_the_database_alone_says_the_same(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = app.extensions["kroi.pages"]
    client.get("/cars/?location=yard")
    pages.forget_everything()
    with counted_queries() as asked:
        page = client.get("/cars/?location=yard&fuel=petrol").text
    assert len(asked) <= 2, asked
    pages.forget_everything()
    monkeypatch.setattr(keeper, "current", lambda: None)
    by_database = client.get("/cars/?location=yard&fuel=petrol").text
    assert (names(page), boxes(page)) == (names(by_database), boxes(by_database)) and names(page) == ["Audi A3"]


@pytest.mark.usefixtures("several")
def test_words_that_find_nothing_there_find_it_elsewhere(client: Client) -> None:
    page = html.unescape(client.get("/cars/?q=diesel&location=yard").text)
    assert "we left out or loosened: Yard" in page and names(page) == ["Audi A1"]


def test_each_place_has_a_code_of_its_own() -> None:
    named = ("Yard", "YÄRD", "Yard 2", "東京", "大阪", "A Motors")
    found = rules.spots("A Motors", tuple(Place(name, id=at) for at, name in enumerate(named, 1)))
    codes = ["a-motors", "yard", "yard-2", "yard-2-3", "place", "place-5", "a-motors-6"]
    assert [spot.code for spot in found.all] == codes
    assert found.at(2).name == "YÄRD" and found.at(99) is found.at(None) is found.all[0]
