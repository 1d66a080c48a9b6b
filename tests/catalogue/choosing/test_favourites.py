"""A list of cars that an address names: favourites, and the cars seen last."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask

from kroi.catalogue import service
from kroi.catalogue.choosing import rules
from kroi.catalogue.models import Car, OldSlug
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car, stored
from tests.support.queries import counted_queries

FRAGMENT = {"HX-Request-Type": "partial"}
HOSTILE = [
    "<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd", "\x00", "a" * 5000, "Ä", "%", "-", "", "{{7*7}}",
]  # fmt: skip


def address(path: str, *slugs: str) -> str:
    return f"{path}?{urlencode([('car', slug) for slug in slugs])}"


def test_the_page_without_cars_is_the_same_for_everybody_and_kept_by_no_index(client: Client) -> None:
    page, again = client.get("/favourites"), client.get("/favourites", headers={"Cookie": "kroi=somebody"})
    assert page.text == again.text and "Set-Cookie" not in page.headers
    assert '<meta name="robots" content="noindex">' in page.text
    assert "Favourites need JavaScript" in page.text and 'href="/cars/"' in page.text
    assert "data-own" in page.text


def test_search_engines_are_not_sent_to_lists_and_comparisons(client: Client) -> None:
    car = make_car()
    assert not re.search(r"/(favourites|compare|recent|print)", client.get("/sitemap.xml").text)
    page = client.get(f"/cars/{car.slug}").text
    for address_of in ("/compare", f"/cars/{car.slug}/print"):
        assert re.search(rf'<a [^>]*rel="nofollow" href="{address_of}', page)


@pytest.mark.parametrize("path", ["/favourites", "/recent"])
def test_a_list_shows_its_cars_in_its_order_as_a_page_and_as_a_fragment(client: Client, path: str) -> None:
    first, second = make_car(model="A4"), make_car(model="A8")
    for headers in ({}, FRAGMENT):
        page = client.get(address(path, second.slug, first.slug), headers=headers)
        assert ("<html" in page.text) == (not headers)
        assert 0 < page.text.index(f"/cars/{second.slug}") < page.text.index(f"/cars/{first.slug}")
        assert "HX-Request-Type" in page.headers["Vary"]


@pytest.mark.parametrize("path", ["/favourites", "/recent", "/compare"])
def test_what_is_sold_says_so_and_what_has_no_page_is_not_told(client: Client, path: str) -> None:
    sold = make_car(model="Sold", status="sold", sold_at=clock.now() - timedelta(days=2))
    hidden = [
        make_car(model="Longgone", status="delivered", sold_at=clock.now() - timedelta(days=40)),
        make_car(model="Withdrawn", status="withdrawn"),
        make_car(model="Drafted", status="draft"),
    ]
    on_sale = make_car(model="Here")
    page = client.get(address(path, "nobody-1", *(car.slug for car in hidden), sold.slug, on_sale.slug)).text
    assert "Sold" in page and "Here" in page
    assert [car.model for car in hidden if car.model in page] == []


def test_a_list_says_how_many_have_left_it(client: Client) -> None:
    here = make_car()
    assert "no longer for sale" not in client.get(address("/favourites", here.slug)).text
    assert "2 of these cars are no longer for sale" in client.get(address("/favourites", "a-1", here.slug, "b-2")).text
    nothing = client.get(address("/favourites", "a-1", "b-2")).text
    assert "Nothing is left on this list" in nothing and 'name="car"' not in nothing


def test_a_former_address_leads_to_the_car_and_counts_once(client: Client) -> None:
    car = make_car()
    stored(OldSlug(slug="audi-a4-old", car_id=car.id))
    page = client.get(address("/favourites", "audi-a4-old", car.slug)).text
    assert page.count('<article class="card">') == 1 and f'value="{car.slug}"' in page


def test_another_dealerships_cars_are_nobodys_favourites_here(client: Client, there: Dealership) -> None:
    with acting_for(there.id):
        theirs: Car = make_car(model="Foreign")
        stored(OldSlug(slug="foreign-old", car_id=theirs.id))
        slug = theirs.slug
    for path in ("/favourites", "/compare", "/recent"):
        assert "Foreign" not in client.get(address(path, slug, "foreign-old")).text


@pytest.mark.parametrize("path", ["/favourites", "/compare", "/recent"])
def test_whatever_the_address_says_the_page_stays_a_page(client: Client, path: str) -> None:
    car = make_car()
    many = [f"car-{number}" for number in range(500)]
    for slugs in (HOSTILE, [*HOSTILE, car.slug], [car.slug] * 500, many):
        page = client.get(address(path, *slugs))
        assert page.status_code == 200
        assert not any(each in page.text for each in ("alert(1)", "OR 1=1", "passwd", "7*7", "a" * 500))
    assert client.get(f"{path}?car[]=x&car=&nothing=1&car={car.slug}").status_code == 200


def test_a_list_holds_a_hundred_cars_and_asks_twice_at_most(app: Flask, client: Client) -> None:
    slugs = [make_car().slug for _ in range(5)]
    asked = [*slugs, *(f"ghost-{number}" for number in range(95)), make_car(model="Toolate").slug]
    with counted_queries() as sent:
        page = client.get(address("/favourites", *asked)).text
    assert len(sent) <= 2
    assert page.count('<article class="card">') == 5 and "Toolate" not in page


def test_the_list_is_a_form_that_compares_and_a_link_that_can_be_sent(client: Client) -> None:
    cars = [make_car() for _ in range(5)]
    few = client.get(address("/favourites", *(car.slug for car in cars[:3]))).text
    assert '<form class="picks" id="favourites" action="/compare"' in few
    assert few.count('type="checkbox" name="car"') == few.count(" checked>") == 3
    assert f'href="/favourites?car={cars[0].slug}&amp;car={cars[1].slug}&amp;car={cars[2].slug}"' in few
    assert " checked>" not in client.get(address("/favourites", *(car.slug for car in cars))).text  # more than fit


def test_every_spelling_of_a_list_is_one_page_and_the_order_stays(client: Client) -> None:
    for spelled in ("car=b-2&car=a-1", "x=1&car=b-2&car=%61-1&car=a-1", "car=b-2&car=<i>&car=a-1&utm_source=mail"):
        assert rules.canonical(spelled) == "car=b-2&car=a-1"
    assert rules.canonical("") == rules.canonical("car=&car=%00&page=2") == ""


def test_a_list_changes_as_soon_as_its_cars_do(client: Client) -> None:
    car = make_car(price_cents=10_000_00)
    there = address("/favourites", car.slug)
    assert "€10,000" in client.get(there).text
    with transaction():
        service.put_price(session.get_one(Car, car.id), 9_000_00)
    assert "€9,000" in client.get(there).text
