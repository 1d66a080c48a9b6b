"""One car's page, through its whole life."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from kroi.catalogue.detail import queries as detail
from kroi.catalogue.models import OldSlug, Photo, PriceChange
from kroi.core import clock
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car, stored
from tests.support.queries import counted_queries


def test_it_shows_the_car_and_the_way_to_ask(client: Client) -> None:
    car = make_car(trim="40 TDI", paragraphs=["One owner."], features=["Tow bar"], specifications=[["Service", "Full"]])
    page = client.get(f"/cars/{car.slug}").text
    for words in (
        "Audi A4",
        "40 TDI",
        "€15,900",
        "2019",
        "120,000\xa0km",
        "Diesel",
        "Automatic",
        "One owner.",
        "Tow bar",
    ):
        assert words in page, words
    assert f'data-hx-get="/cars/{car.slug}/inquiry"' in page and f'href="/cars/{car.slug}/inquiry"' in page
    assert "submission" not in page


def test_a_price_of_zero_is_on_request(client: Client) -> None:
    page = client.get(f"/cars/{make_car(price_cents=0).slug}").text
    assert "Price on request" in page and '"offers"' not in page


def test_a_struck_price_says_what_it_is(client: Client) -> None:
    page = client.get(f"/cars/{make_car(struck_cents=17_900_00).slug}").text
    assert "<s>€17,900</s> Lowest price in the 30 days before" in page and "Price cut €2,000" in page


def test_a_struck_price_lapses_on_page_card_and_plate(client: Client) -> None:
    make_car(struck_cents=17_900_00)
    car = make_car(struck_cents=18_900_00, struck_until=clock.now() - timedelta(seconds=1))
    assert "Lowest price" not in client.get(f"/cars/{car.slug}").text.split('id="similar"')[0]
    page = client.get("/cars/").text
    assert "€17,900" in page and "Price cut €2,000" in page
    assert "€18,900" not in page and "Price cut €3,000" not in page


@pytest.mark.parametrize("struck", [None, 15_900_00, 10_000_00])
def test_nothing_is_struck_that_is_not_dearer(client: Client, struck: int | None) -> None:
    assert "Lowest price" not in client.get(f"/cars/{make_car(struck_cents=struck).slug}").text


def test_price_history_is_drawn_from_the_ledger(client: Client) -> None:
    car = make_car(price_cents=17_900_00, listed_at=clock.now() - timedelta(days=20))
    for days, cents in ((15, 0), (10, 17_900_00), (5, 15_900_00)):
        stored(PriceChange(car_id=car.id, price_cents=cents, at=clock.now() - timedelta(days=days)))
    assert [cents for cents, _at in detail.list_prices(car.id)] == [17_900_00, 15_900_00]
    assert "Price history" in client.get(f"/cars/{car.slug}").text
    assert "Price history" not in client.get(f"/cars/{make_car().slug}").text


def test_a_sold_car_keeps_its_page_for_thirty_days_with_alternatives(client: Client) -> None:
    sold = make_car(model="A6", status="sold", sold_at=clock.now() - timedelta(days=29))
    other = make_car(model="A4")
    page = client.get(f"/cars/{sold.slug}")
    assert page.status_code == 200
    assert "This car was sold on" in page.text and f"/cars/{other.slug}" in page.text
    assert "€" not in re.sub(r"(?s)<section class=\"section\" id=\"similar\">.*", "", page.text)
    assert sold.slug not in client.get("/cars/").text


def test_a_page_that_is_over_is_gone_for_good(client: Client) -> None:
    for car in (
        make_car(status="sold", sold_at=clock.now() - timedelta(days=31)),
        make_car(status="delivered", sold_at=clock.now() - timedelta(days=31)),
        make_car(status="withdrawn"),
    ):
        assert client.get(f"/cars/{car.slug}").status_code == 410


def test_a_draft_does_not_exist(client: Client) -> None:
    assert client.get(f"/cars/{make_car(status='draft').slug}").status_code == 404
    assert client.get("/cars/never-was").status_code == 404


def test_an_old_address_redirects_for_good(client: Client) -> None:
    car = make_car()
    stored(OldSlug(slug="audi-a4-before", car_id=car.id))
    response = client.get("/cars/audi-a4-before")
    assert (response.status_code, response.headers["Location"]) == (301, f"/cars/{car.slug}")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "reserved"}, "Reserved"),
        ({"arriving": True}, "Arriving"),
        ({"listed_at": clock.now() - timedelta(days=2)}, ">New<"),
        ({"listed_at": clock.now() - timedelta(days=30)}, 'class="photo none">'),
    ],
)
def test_tags_say_what_is_special(client: Client, values: dict[str, object], words: str) -> None:
    assert words in client.get(f"/cars/{make_car(**values).slug}").text


def test_photos_come_in_order_and_only_ours(client: Client, there: Dealership) -> None:
    car = make_car()
    here = car.dealership_id
    for position, digest in ((2, "b" * 32), (1, "a" * 32)):
        stored(Photo(car_id=car.id, digest=digest, width=800, height=600, position=position, alt=""))
    with acting_for(there.id):
        assert detail.list_photos(car.id) == []
    with acting_for(here):
        assert [photo.digest[0] for photo in detail.list_photos(car.id)] == ["a", "b"]


def test_related_cars_are_like_it_and_never_itself_sold_or_reserved(app: Flask) -> None:
    car = make_car(body="estate", price_cents=20_000_00)
    for status in ("sold", "draft", "reserved", "withdrawn"):
        make_car(body="estate", price_cents=20_000_00, status=status)
    far = make_car(body="suv", price_cents=90_000_00)
    same = make_car(body="estate", price_cents=21_000_00)
    cheaper = make_car(body="estate", price_cents=12_000_00, make="Volvo", model="V70")
    assert [one.id for one in detail.list_related(car)] == [same.id, cheaper.id, far.id]


def test_related_cars_of_a_car_without_a_price_or_body(app: Flask) -> None:
    car = make_car(price_cents=0, body=None, model_year=None)
    other = make_car(price_cents=0, body=None)
    assert [one.id for one in detail.list_related(car)] == [other.id]


def test_the_page_takes_four_queries_and_is_the_same_for_everybody(client: Client) -> None:
    slug = make_car().slug
    make_car()
    first = client.get(f"/cars/{slug}")
    with counted_queries() as sent:
        second = client.get(f"/cars/{slug}", headers={"User-Agent": "other"})
    assert len(sent) <= 4, "\n".join(sent)
    assert first.data == second.data and "Set-Cookie" not in first.headers


def test_another_dealerships_car_is_not_here(client: Client, there: Dealership) -> None:
    with acting_for(there.id):
        slug = make_car().slug
    assert client.get(f"/cars/{slug}").status_code == 404


@pytest.mark.parametrize("path", ["/cars/%00", "/cars/a%00b", "/cars/%00/inquiry", "/cars/%FF"])
def test_an_address_that_no_car_can_have_is_no_page(client: Client, path: str) -> None:
    make_car()
    assert client.get(path).status_code == 404
