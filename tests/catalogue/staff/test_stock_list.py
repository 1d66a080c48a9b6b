"""The stock list."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from kroi.accounts.models import User
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]


def numbers(page: str) -> list[str]:
    """The stock numbers on a page, from top to bottom."""
    return re.findall(r"no\. (\w+)</small>", page)


def a_car(number: str, **values: object) -> None:
    make_car(**{"stock_number": number, "photo_count": 3, "vin": "WAUZZZF2XKN012345"} | values)


def test_it_shows_the_stock_longest_standing_first(signed_in: SignIn, ana: User) -> None:
    for days, number in ((3, "new"), (95, "old"), (40, "mid")):
        a_car(number, listed_at=clock.now() - timedelta(days=days))
    page = signed_in(ana).get("/staff/cars/").text
    assert numbers(page) == ["old", "mid", "new"]
    assert '<strong class="bad">95</strong>' in page
    assert "1–3 / 3 cars" in page


def test_it_takes_ten_queries_or_fewer(signed_in: SignIn, ana: User) -> None:
    for n in range(60):
        a_car(f"n{n}")
    client = signed_in(ana)
    with counted_queries() as sent:
        assert client.get("/staff/cars/?q=audi&faults=&sort=price").status_code == 200
    assert len(sent) <= 10


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("", ["on sale", "held"]),
        ("reserved", ["held"]),
        ("draft", ["draft"]),
        ("sold", ["sold", "taken"]),
        ("withdrawn", ["gone"]),
        ("nonsense", ["on sale", "held"]),
    ],
)
def test_tabs_by_status(signed_in: SignIn, ana: User, status: str, shown: list[str]) -> None:
    for number, state in (
        ("on sale", CarStatus.AVAILABLE),
        ("held", CarStatus.RESERVED),
        ("draft", CarStatus.DRAFT),
        ("sold", CarStatus.SOLD),
        ("taken", CarStatus.DELIVERED),
        ("gone", CarStatus.WITHDRAWN),
    ):
        a_car(number.replace(" ", ""), status=state)
    page = signed_in(ana).get("/staff/cars/", query_string={"status": status}).text
    assert numbers(page) == [each.replace(" ", "") for each in shown]
    tabs = re.findall(r'(On sale|Reserved|Drafts|Sold|Withdrawn) <span class="count">(\d+)', page)
    assert tabs == [("On sale", "2"), ("Reserved", "1"), ("Drafts", "1"), ("Sold", "2"), ("Withdrawn", "1")]


@pytest.mark.parametrize("words", ["q7", "škoda Q7", "h77", "zz1", "abc-1", "ABC 1"])
def test_it_finds_cars_by_name_number_vin_and_plate(signed_in: SignIn, ana: User, words: str) -> None:
    a_car("H77", make="Skoda", model="Q7", vin="WAUZZZF2XKN0ZZ1QQ", plate="ABC-1" if words == "abc-1" else "ABC1")
    a_car("other")
    assert numbers(signed_in(ana).get("/staff/cars/", query_string={"q": words}).text) == ["H77"]


def test_an_empty_answer_says_what_to_do(signed_in: SignIn, ana: User) -> None:
    a_car("one")
    page = signed_in(ana).get("/staff/cars/?q=zeppelin&status=draft").text
    assert "No car here is like that" in page and 'href="/staff/cars/?status=draft"' in page


def test_what_a_car_lacks_is_said_and_can_be_listed(signed_in: SignIn, ana: User) -> None:
    a_car("whole")
    a_car("bare", photo_count=0, price_cents=0, vin=None, mileage_km=None, model_year=None)
    a_car("novin", vin=None)
    a_car("sold", photo_count=0, status=CarStatus.SOLD)
    client = signed_in(ana)
    page = client.get("/staff/cars/").text
    assert "no photos, no price and 3 more" in page and "no VIN" in page
    assert numbers(client.get("/staff/cars/?faults=1").text) == ["bare", "novin"]
    assert "no photos" not in client.get("/staff/cars/?status=sold").text


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("price", ["b", "a", "ask"]),
        ("-price", ["a", "b", "ask"]),
        ("days", ["ask", "a", "b"]),
        ("-days", ["b", "a", "ask"]),
    ],
)
def test_orders_and_cars_on_request_stand_last(signed_in: SignIn, ana: User, sort: str, shown: list[str]) -> None:
    for days, number, price in ((9, "ask", 0), (8, "a", 900), (7, "b", 100)):
        a_car(number, price_cents=price, listed_at=clock.now() - timedelta(days=days))
    assert numbers(signed_in(ana).get("/staff/cars/", query_string={"sort": sort}).text) == shown


@pytest.mark.parametrize("sort", ["days", "-days", "price", "-price"])
def test_pages_go_forth_and_back_without_losing_a_car(signed_in: SignIn, ana: User, sort: str) -> None:
    moment = clock.now()
    for n in range(60):
        a_car(f"n{n}", price_cents=(n % 4) * 1000, listed_at=moment - timedelta(days=n % 5))
    client, address, pages = signed_in(ana), f"/staff/cars/?sort={sort}", []
    while address:
        page = client.get(address).text
        pages.append(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert [len(numbers(page)) for page in pages] == [25, 25, 10]
    assert len({number for page in pages for number in numbers(page)}) == 60
    assert "26–50 / 60 cars" in pages[1] and "51–60 / 60 cars" in pages[2]
    back = re.search(r'rel="prev" href="([^"]+)"', pages[2])
    assert back is not None
    before = client.get(back[1].replace("&amp;", "&")).text
    assert numbers(before) == numbers(pages[1]) and "26–50 / 60 cars" in before
    first = re.search(r'rel="prev" href="([^"]+)"', before)
    assert first is not None
    start = client.get(first[1].replace("&amp;", "&")).text
    assert numbers(start) == numbers(pages[0]) and 'rel="prev"' not in start


@pytest.mark.parametrize(
    "after", ["", "~", "x~1", "1~x", "2026-01-01T00:00:00+00:00~99999999999999999999", "1~2~3", "\x00"]
)
def test_a_place_that_is_none_is_ignored(signed_in: SignIn, ana: User, after: str) -> None:
    a_car("one")
    page = signed_in(ana).get("/staff/cars/", query_string={"after": after, "sort": "price"})
    assert page.status_code == 200


@pytest.mark.parametrize("sort", ["days", "-days", "price", "-price"])
def test_a_place_beyond_every_column_is_ignored(signed_in: SignIn, ana: User, sort: str) -> None:
    client = signed_in(ana)
    a_car("one")
    for value in ("9" * 19, "9" * 38, "-" + "9" * 30, "2026-11-21", "0001-01-01T00:00:00+14:00", "20261121T1000Z"):
        for name in ("after", "before"):
            assert client.get("/staff/cars/", query_string={name: f"{value}~1", "sort": sort}).status_code == 200


def test_a_car_of_which_nobody_knows_when_it_came_is_listed_too(signed_in: SignIn, ana: User) -> None:
    a_car("known")
    a_car("unknown", listed_at=None)
    assert sorted(numbers(signed_in(ana).get("/staff/cars/").text)) == ["known", "unknown"]


def test_another_houses_cars_are_not_listed_or_counted(signed_in: SignIn, ana: User, there: Dealership) -> None:
    with acting_for(there.id):
        a_car("theirs")
    page = signed_in(ana).get("/staff/cars/").text
    assert numbers(page) == [] and "Cars <span>0</span>" in page


def test_only_who_may_edit_is_offered_to_add(signed_in: SignIn, ana: User, boris: User) -> None:
    assert "/staff/cars/new" not in signed_in(ana).get("/staff/cars/").text
    assert "/staff/cars/new" in signed_in(boris).get("/staff/cars/").text
