"""The page of the list: with and without htmx, few queries, no address that breaks it."""

import re

import pytest
from flask import Flask

from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def _names(page: str) -> list[str]:
    return re.findall(r'<h[23]><a href="/cars/[^"]+">([^<]+)</a>', page)


def _canonical(page: str) -> str:
    found = re.search(r'<link rel="canonical" href="http://[^/]+([^"]+)">', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_filters_combine_and_choices_of_one_filter_are_alternatives(client: Client) -> None:
    make_car(make="Audi", model="A4", fuel="diesel")
    make_car(make="Volvo", model="V60", fuel="diesel")
    make_car(make="Volvo", model="XC60", fuel="petrol")
    make_car(make="BMW", model="320", fuel="diesel")
    page = client.get("/cars/?make=audi&make=volvo&fuel=diesel").text
    assert sorted(_names(page)) == ["Audi A4", "Volvo V60"]
    assert "1–2 / 2 cars" in page


def test_an_excluded_fuel_is_left_out_and_stays_in_the_form(client: Client) -> None:
    make_car(model="A4", fuel="diesel")
    make_car(model="A6", fuel="petrol")
    make_car(model="A8", fuel=None)
    page = client.get("/cars/?not_fuel=diesel").text
    assert sorted(_names(page)) == ["Audi A6", "Audi A8"]
    assert '<input type="hidden" name="not_fuel" value="diesel">' in page
    assert "not Diesel" in page


def test_htmx_gets_the_list_and_its_filters_and_the_address_to_push(client: Client) -> None:
    make_car(model="A4", price_cents=9_000_00)
    make_car(model="RS6", price_cents=90_000_00)
    response = client.get("/cars/?q=&max_price=10000&min_price=&sort=newest", headers=PARTIAL)
    assert "<title>" not in response.text
    assert 'id="listing"' in response.text and 'name="max_price"' in response.text
    assert _names(response.text) == ["Audi A4"]
    assert response.headers["HX-Push-Url"] == "/cars/?max_price=10000"
    assert "HX-Request-Type" in response.headers["Vary"]


def test_htmx_shows_what_the_page_shows(client: Client) -> None:
    for year in range(2000, 2030):
        make_car(model_year=year)
    page = client.get("/cars/?sort=year&min_year=2003").text
    fragment = client.get("/cars/?sort=year&min_year=2003", headers=PARTIAL).text
    assert fragment.strip() in page


def test_each_chip_leads_to_the_list_without_its_filter(client: Client) -> None:
    make_car(make="Audi")
    page = client.get("/cars/?make=audi&fuel=diesel&max_mileage=200000&sort=price").text
    chips = dict(re.findall(r'<a class="chip" href="([^"]+)"><span class="hidden-text">Remove:</span>([^<]+)', page))
    assert {words.replace("\xa0", " "): address.replace("&amp;", "&") for address, words in chips.items()} == {
        "Audi": "/cars/?fuel=diesel&max_mileage=200000&sort=price",
        "Diesel": "/cars/?make=audi&max_mileage=200000&sort=price",
        "up to 200,000 km": "/cars/?fuel=diesel&make=audi&sort=price",
    }


def test_the_canonical_address_has_one_spelling(client: Client) -> None:
    make_car(make="Audi")
    for address in (
        "/cars/?sort=newest&make=audi&make=nosuch&q=+&min_price=&page=1&utm_source=x",
        "/cars/?make=audi",
        "/cars/?make=audi&make=audi&fuel=plutonium",
    ):
        assert _canonical(client.get(address).text) == "/cars/?make=audi"


def test_pages_lead_on_and_back(client: Client) -> None:
    for price in range(1, 51):
        make_car(model=f"A{price}", price_cents=price * 1000_00)
    first = client.get("/cars/?sort=price").text
    assert "1–24 / 50 cars" in first and 'rel="prev"' not in first
    second_address = re.search(r'rel="next" href="(/cars/[^"]+)"', first)
    assert second_address
    second = client.get(second_address[1].replace("&amp;", "&")).text
    assert "25–48 / 50 cars" in second and _names(second)[0] == "Audi A25"
    assert 'rel="prev" href="/cars/?sort=price"' in second
    old = client.get("/cars/?sort=price&page=2").text
    assert _names(old) == _names(second) and _canonical(old) == _canonical(second)
    last = client.get("/cars/?sort=price&page=99").text
    assert "49–50 / 50 cars" in last and 'rel="next"' not in last


@pytest.mark.parametrize(
    "address",
    [
        "/cars/",
        "/cars/?make=audi&fuel=diesel&max_price=20000&q=a",
        "/cars/?make=audi&min_price=900000",
        "/cars/?page=2",
    ],
)
def test_the_list_takes_three_queries_at_most(client: Client, app: Flask, address: str) -> None:
    for _ in range(30):
        make_car(make="Audi")
    client.get("/cars/")  # the map of hosts is read once
    with counted_queries() as sent:
        client.get(address)
    assert len(sent) <= 3, sent


@pytest.mark.parametrize(
    "query",
    [
        "min_price=-1&max_price=99999999999999999999999&min_year=abc&min_power=1.5",
        "make[]=audi&make=%00&model=%ff%fe&fuel=' OR 1=1--&q=%00%25_%5C",
        "after=na-99999999999999999-1&sort=price",
        "after=pa-999999999999999999-999999999999999999&sort=price",
        "after=ma-2147483648-1&sort=mileage",
        "after=na-253402300799999999-1",
        "page=99999999999999&page=-1&page=%D9%A3",
        "q=" + "%25" * 200,
        "q=" + "a+" * 5_000,
        "&".join(f"make=m{n}" for n in range(10_000)),
        "x=" + "y" * 100_000,
        "q=%F0%9F%9A%97%20%E2%80%AE",
        "sort=&sort=price&status=sold&status=draft&max_monthly=cheap",
    ],
)
def test_no_address_breaks_the_list(client: Client, query: str) -> None:
    make_car()
    for headers in ({}, PARTIAL):
        assert client.get(f"/cars/?{query}", headers=headers).status_code == 200


def test_sold_and_draft_cars_cannot_be_asked_for(client: Client) -> None:
    make_car(model="A4")
    make_car(model="A6", status="sold")
    make_car(model="A8", status="draft")
    assert _names(client.get("/cars/?status=sold&status=draft").text) == ["Audi A4"]


def test_an_empty_list_says_which_filter_to_drop_and_what_is_near(client: Client) -> None:
    make_car(make="Škoda", model="Kodiaq", price_cents=18_490_00, drive="awd")
    make_car(make="Seat", model="Ateca", price_cents=12_000_00, drive="awd")
    page = client.get("/cars/?make=skoda&max_price=15000&drive=awd").text
    assert "No cars match these filters" in page
    assert re.search(
        r'href="/cars/\?drive=awd&amp;make=skoda"><span>Drop “up to €15,000”<small>the nearest is €18,490', page
    )
    assert "Drop “Škoda”<small>such as Seat Ateca" in page
    assert 'Drop “Four-wheel drive”</span><span class="nowrap">no cars' in page
    assert _names(page) == ["Škoda Kodiaq", "Seat Ateca"]


def test_an_empty_list_that_no_single_filter_explains_shows_the_newest(client: Client) -> None:
    make_car(make="Audi", model="A4")
    page = client.get("/cars/?min_price=900000&max_mileage=5").text
    assert "Clear all filters" in page and "Newest" in page and _names(page) == ["Audi A4"]


def test_a_dealership_without_cars_says_so(client: Client) -> None:
    for address in ("/cars/", "/"):
        assert client.get(address).status_code == 200
    assert "No cars are for sale right now" in client.get("/cars/").text


def test_choices_without_a_car_stay_and_can_be_chosen(client: Client) -> None:
    make_car(make="Audi", fuel="diesel")
    make_car(make="Seat", fuel="petrol")
    page = client.get("/cars/?fuel=diesel").text
    assert re.search(r'value="seat"><span>Seat</span> <span class="count">0</span>', page)


def test_text_finds_words_in_any_order_and_without_accents(client: Client) -> None:
    make_car(make="Škoda", model="Octavia", trim="Sähköpenkit")
    make_car(make="Audi", model="A4")
    for words in ("octavia skoda", "SÄHKÖPENK", "sahkopenkit škoda"):
        assert _names(client.get(f"/cars/?q={words}").text) == ["Škoda Octavia"], words
    assert "No cars match" in client.get("/cars/?q=%22%25%22").text


def test_another_dealerships_cars_are_not_listed(client: Client, there: Dealership) -> None:
    with acting_for(there.id):
        make_car(make="Volvo", model="V60")
    assert "Volvo" not in client.get("/cars/?q=volvo").text.replace('value="volvo"', "")


def test_the_list_is_the_same_for_everybody_and_sets_no_cookie(client: Client) -> None:
    make_car()
    first, second = client.get("/cars/"), client.get("/cars/", headers={"User-Agent": "other"})
    assert first.data == second.data and "Set-Cookie" not in first.headers
    assert client.get("/cars/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
