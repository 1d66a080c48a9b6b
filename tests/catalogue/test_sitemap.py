"""The sitemap: every car on sale, in one file or in many."""

import re
from xml.etree import ElementTree

import pytest
from flask import Flask

from kroi.catalogue import service as cars
from kroi.catalogue.index import service as indexes
from kroi.catalogue.index.keeping import keeper
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.seo import queries
from kroi.catalogue.seo.sitemap import several, sitemap
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file has three ids."""
    monkeypatch.setattr(queries, "PER_FILE", 3)


def _places(client: Client, path: str) -> list[str]:
    """The paths that a sitemap names; it is well-formed and not empty."""
    response = client.get(path)
    assert response.mimetype == "application/xml"
    found = [re.sub(r"^https?://[^/]+", "", entry[0].text or "") for entry in ElementTree.fromstring(response.text)]
    assert found
    return found


def _in_parts(client: Client) -> list[str]:
    assert "<sitemapindex" in client.get("/sitemap.xml").text
    return [place for part in _places(client, "/sitemap.xml") for place in _places(client, part)]


def test_it_holds_cars_on_sale_and_pages(client: Client) -> None:
    kept = [make_car().slug, make_car(status="reserved").slug]
    gone = [make_car(status=status).slug for status in ("sold", "draft", "withdrawn")]
    places = _places(client, "/sitemap.xml")
    assert {f"/cars/{slug}" for slug in kept} | {"/", "/cars/", "/privacy", "/cars/?make=audi"} <= set(places)
    assert not any(slug in place for slug in gone for place in places)


@pytest.mark.usefixtures("_short")
def test_many_cars_are_listed_in_parts_each_once(client: Client) -> None:
    statuses = [CarStatus.AVAILABLE, CarStatus.SOLD, CarStatus.RESERVED, CarStatus.DRAFT]
    slugs = [make_car(status=status).slug for status in statuses for _ in range(5)]
    places = _in_parts(client)
    listed = [place for place in places if "/cars/" in place and "?" not in place and place != "/cars/"]
    assert sorted(listed) == sorted(f"/cars/{slug}" for slug in slugs[:5] + slugs[10:15])
    assert len(places) == len(set(places)) and {"/", "/contact", "/cars/?make=audi"} <= set(places)


@pytest.mark.usefixtures("_short")
def test_a_sold_car_leaves_its_part_and_an_empty_part_is_not_named(client: Client) -> None:
    made = [make_car() for _ in range(14)]
    part = f"/sitemap-{made[6].id // 3}.xml"
    assert part in _places(client, "/sitemap.xml")
    assert f"/cars/{made[6].slug}" in _places(client, part)
    for car in made:
        if car.id // 3 == made[6].id // 3:
            with transaction():
                cars.change_status(session.get_one(Car, car.id), CarStatus.SOLD)
    assert part not in _places(client, "/sitemap.xml")
    assert client.get(part, check=False).status_code == 404
    assert client.get("/sitemap-999999999.xml", check=False).status_code == 404
    assert client.get("/sitemap-999999999999999999.xml", check=False).status_code == 404


@pytest.mark.usefixtures("_short")
def test_the_database_names_the_same_parts_as_the_index(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [make_car(status=CarStatus.SOLD if 4 < at < 12 else CarStatus.AVAILABLE) for at in range(20)]
    assert indexes.current()
    by_index = queries.list_blocks()
    with transaction():
        cars.change_status(session.get_one(Car, made[0].id), CarStatus.RESERVED)
        cars.change_status(session.get_one(Car, made[6].id), CarStatus.AVAILABLE, reason="fell through")
    later = queries.list_blocks()
    monkeypatch.setattr(keeper, "current", lambda: None)
    assert queries.list_blocks() == later == sorted({*by_index, made[6].id // 3})
    assert later == sorted({car.id // 3 for at, car in enumerate(made) if not 4 < at < 12 or at == 6})


@pytest.mark.usefixtures("_short")
def test_no_part_names_another_dealerships_cars(client: Client, there: Dealership) -> None:
    mine = make_car()
    with acting_for(there.id):
        theirs = [make_car().slug for _ in range(9)]
    ours = [mine.slug, *(make_car().slug for _ in range(4))]
    places = _in_parts(client)
    assert {f"/cars/{slug}" for slug in ours} <= set(places)
    assert not {f"/cars/{slug}" for slug in theirs} & set(places)


def test_addresses_are_escaped() -> None:
    assert "make=a&amp;b" in sitemap("http://a.test", [("en", "")], [("/cars/?make=a&b", None)])
    assert "<loc>http://a.test/b&amp;c</loc>" in several("http://a.test", ["/b&c"])
