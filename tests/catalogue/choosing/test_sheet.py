"""The sheet for a car's window, and what is offered when a car's page is over."""

import re
from datetime import timedelta

import segno

from kroi.catalogue.models import OldSlug
from kroi.catalogue.sheet import shown
from kroi.core import clock
from tests.support.client import Client
from tests.support.makers import make_car, stored
from tests.support.queries import counted_queries


def test_it_says_what_a_buyer_behind_glass_wants_to_know(client: Client) -> None:
    car = make_car(
        trim="40 TDI", power_kw=140, owners=2, seats=5, features=[f"Feature {n}" for n in range(9)],
        specifications=[[f"Label {n}", f"Value {n}"] for n in range(9)],
    )  # fmt: skip
    page = client.get(f"/cars/{car.slug}/print")
    for words in ("Audi A4", "40 TDI", "€15,900", "/mo", "2019", "120,000\xa0km", "Diesel", "Automatic", "Printed "):
        assert words in page.text, words
    assert page.text.count("Feature ") == 6 and page.text.count("<dt>") == 4 + 6
    assert f"No. {car.stock_number}" in page.text and '<meta name="robots" content="noindex">' in page.text


def test_the_code_is_the_public_address_in_attributes_only(client: Client) -> None:
    car = make_car()
    page = client.get(f"/cars/{car.slug}/print", base_url="http://a.test").text
    drawn = re.search(r'<svg viewBox="0 0 \d+ \d+"><path[^>]*/?>(</path>)?</svg>', page)
    canonical = re.search(r'rel="canonical" href="([^"]+)"', page)
    assert drawn and canonical and canonical.group(1).endswith(f"/cars/{car.slug}")
    assert drawn.group() == shown.code(canonical.group(1)) and "style" not in drawn.group()


def test_the_code_draws_every_dark_module() -> None:
    address = "https://cars.example/en/cars/volkswagen-id-3-10022"
    matrix = [[bool(module) for module in line] for line in segno.make(address, error="m", micro=False).matrix]
    path = re.search(r' d="([^"]+)"', shown.code(address))
    assert path
    x, y, drawn = 0.0, 0.0, set()
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path.group(1)):
        amounts = [float(each) for each in numbers.split()]
        if command == "h":
            drawn |= {(int(x) + at, int(y)) for at in range(int(amounts[0]))}
            x += amounts[0]
        else:
            x, y = (amounts[0], amounts[1]) if command == "M" else (x + amounts[0], y + amounts[1])
    dark = {(x + 2, y + 2) for y, line in enumerate(matrix) for x, module in enumerate(line) if module}
    assert drawn == dark


def test_a_price_on_request_and_a_sale_are_words(client: Client) -> None:
    assert "Price on request" in client.get(f"/cars/{make_car(price_cents=0).slug}/print").text
    sold = make_car(status="sold", sold_at=clock.now() - timedelta(days=3))
    page = client.get(f"/cars/{sold.slug}/print").text
    assert ">Sold " in page and "€" not in page


def test_it_exists_as_long_as_the_cars_page_and_moves_with_it(client: Client) -> None:
    assert client.get("/cars/nobody-1/print").status_code == 404
    assert client.get(f"/cars/{make_car(status='draft').slug}/print").status_code == 404
    assert client.get(f"/cars/{make_car(status='withdrawn').slug}/print").status_code == 410
    car = make_car()
    stored(OldSlug(slug="audi-a4-before", car_id=car.id))
    moved = client.get("/cars/audi-a4-before/print")
    assert moved.status_code == 301 and moved.headers["Location"] == f"/cars/{car.slug}/print"


def test_a_sheet_asks_for_the_car_alone(client: Client) -> None:
    slug = make_car().slug
    with counted_queries() as sent:
        client.get(f"/cars/{slug}/print")
    assert len(sent) <= 2  # the car, and what has changed since


def test_a_page_that_is_over_offers_cars_like_it(client: Client) -> None:
    gone = make_car(model="A6", body="estate", status="sold", sold_at=clock.now() - timedelta(days=31))
    like = make_car(make="Volvo", model="V90", body="estate")
    for _ in range(4):
        make_car(make="Audi", model="TT", body="coupe", price_cents=90_000_00)
    page = client.get(f"/cars/{gone.slug}")
    assert page.status_code == 410
    assert "Similar cars for sale" in page.text
    assert re.findall(r'<h3><a href="/cars/([^"]+)"', page.text)[0] == like.slug


def test_of_a_draft_nothing_shows_not_even_by_what_is_like_it(client: Client) -> None:
    draft = make_car(make="Secret", model="One", body="pickup", status="draft")
    make_car(make="Ford", model="Ranger", body="pickup", listed_at=clock.now() - timedelta(days=9))
    for _ in range(4):
        make_car(make="Audi", model="TT", body="coupe")
    missing = client.get(f"/cars/{draft.slug}")
    assert missing.status_code == 404 and "Ranger" not in missing.text
