"""The front page and the pages for lost visitors."""

import re

import pytest

from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car


def test_it_counts_the_cars_and_leads_into_the_list(client: Client) -> None:
    for price in (5, 8, 12, 18, 22, 25, 31, 60):
        make_car(price_cents=price * 1000_00, make="Audi", model=f"A{price}", drive="awd")
    make_car(status="sold")
    page = client.get("/").text
    assert "8 used cars" in page and "in Espoo." in page
    for address, count in re.findall(r'<a class="chip" href="([^"]+)">[^<]+<span class="count">(\d+)</span>', page):
        assert f"/ {count} car" in client.get(address.replace("&amp;", "&")).text, address
    for address, count in re.findall(r'<li><a href="(/cars/\?[^"]+)">.*?<span class="count">(\d+)</span>', page):
        assert f"/ {count} car" in client.get(address.replace("&amp;", "&")).text, address


def test_the_four_newest_are_shown(client: Client) -> None:
    from datetime import timedelta

    from kroi.core import clock

    for day in range(6):
        make_car(model=f"A{day}", listed_at=clock.now() - timedelta(days=day))
    names = re.findall(r'<h3><a href="/cars/[^"]+">([^<]+)</a>', client.get("/").text)
    assert names == ["Audi A0", "Audi A1", "Audi A2", "Audi A3"]


def test_a_lost_visitor_gets_a_filled_search_and_four_guesses(client: Client) -> None:
    wanted = make_car(make="Mercedes-Benz", model="E 220")
    for _ in range(5):
        make_car(make="Audi")
    response = client.get("/cars/mercedes-benz-e-220-2018-4711")
    assert response.status_code == 404
    assert 'value="mercedes benz e 220 2018 4711"' in response.text
    found = re.findall(r'<h3><a href="/cars/([^"]+)">', response.text)
    assert found[0] == wanted.slug and len(found) == 4


def test_guesses_are_the_same_without_an_index(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_car(make="Audi", model="A6")
    wanted = make_car(make="Audi", model="A4")
    for _ in range(4):
        make_car(make="Volvo", model="V60")
    monkeypatch.setattr("kroi.catalogue.index.keeping.keeper.current", lambda: None)
    found = re.findall(r'<h3><a href="/cars/([^"]+)">', client.get("/cars/audi-a4-4711").text)
    assert found[0] == wanted.slug and found[1].startswith("audi-a6") and len(found) == 4


def test_guesses_never_show_another_dealerships_cars(client: Client, there: Dealership) -> None:
    with acting_for(there.id):
        make_car(make="Volvo", model="V60")
    assert "Volvo" not in client.get("/cars/volvo-v60").text


def test_a_gone_page_says_so(client: Client) -> None:
    response = client.get(f"/cars/{make_car(status='withdrawn').slug}")
    assert response.status_code == 410 and "no longer for sale" in response.text


def test_strange_addresses_are_just_not_found(client: Client) -> None:
    for address in ("/%00", "/cars/%FF", "/cars/" + "a" * 5000, "/cars/a/b/c", "/..%2fetc"):
        assert client.get(address).status_code == 404, address[:40]


def test_privacy_is_told_plainly(client: Client) -> None:
    assert client.get("/privacy").status_code == 200


def test_the_old_address_of_the_icon_still_works(client: Client) -> None:
    assert client.get("/favicon.ico").status_code in (301, 302)
