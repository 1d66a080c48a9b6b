"""One car for machines: all that its page says and nothing else, through its whole life."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kroi.catalogue.models import OldSlug, Photo
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from tests.catalogue.api.conftest import Ask
from tests.support.client import Client
from tests.support.makers import make_car, stored

DIGEST = "0123456789abcdef" * 2


def test_it_says_what_the_page_says(ask: Ask) -> None:
    car = make_car(
        trim="40 TDI", drive="awd", colour="black", power_kw=140, first_registration=date(2019, 5, 14), doors=5,
        seats=5, owners=2, co2_g_km=0, consumption_dl_100km=56, displacement_ccm=1968, vat="deductible", arriving=True,
        arriving_on=date(2026, 12, 1), listed_at=datetime(2026, 11, 1, 10, 0, 0, 5, tzinfo=UTC), paragraphs=["One."],
        features=["Tow bar"], specifications=[["Service", "Full"], ["", "left out"]],
    )  # fmt: skip
    found = ask(f"/cars/{car.slug}")
    assert found | {
        "make": "Audi", "trim": "40 TDI", "status": "available", "price": {"amount": 15_900, "currency": "EUR"},
        "power_kw": 140, "first_registered": "2019-05", "co2_g_km": 0, "consumption_dl_100km": 56, "vat": "deductible",
        "arriving_on": "2026-12-01", "listed_at": "2026-11-01T10:00:00Z", "description": ["One."], "doors": 5,
        "features": ["Tow bar"], "specifications": [{"label": "Service", "value": "Full"}], "sold_at": None,
        "url": f"http://a.test:8000/cars/{car.slug}", "condition": "used", "body": "estate", "drive": "awd",
    } == found  # fmt: skip


def test_photos_come_in_order_with_whole_addresses(ask: Ask) -> None:
    car = make_car(cover={"digest": DIGEST, "width": 3200, "height": 2400, "alt": "Front"})
    for position, width in enumerate((3200, 800)):
        stored(Photo(car_id=car.id, digest=DIGEST[position:] + "f" * position, width=width, height=600,
                     position=position, alt="Front"))  # fmt: skip
    media = f"http://a.test:8000/media/{DIGEST}"
    large, small = ask(f"/cars/{car.slug}")["photos"]
    assert large == {"url": f"{media}-1600.jpg", "width": 1600, "height": 300, "thumbnail": f"{media}-480.jpg",
                     "alt": "Front"}  # fmt: skip
    assert small["width"] == 800
    assert ask("/cars")["cars"][0]["photo"]["height"] == 1200


def test_it_says_nothing_that_is_the_houses_own_business(client: Client) -> None:
    car = make_car(vin="WAUZZZ8K9DA123456", plate="ABC-123", cost_cents=11_111_11, reserved_until=date(2031, 1, 2),
                   acquired_on=date(2030, 3, 4), source_id="feed-77", fingerprint="f1f2f3", category="Bargain bin",
                   status="reserved")  # fmt: skip
    for address in ("/api/v1/cars", f"/api/v1/cars/{car.slug}"):
        text = client.get(address).text
        for secret in ("WAUZZZ", "ABC-123", "11111", "2031", "2030", "feed-77", "f1f2f3", "Bargain", "dealership_id"):
            assert secret not in text, secret


@pytest.mark.parametrize("status", [CarStatus.SOLD, CarStatus.DELIVERED])
def test_a_sold_car_stays_thirty_days_without_a_price(ask: Ask, status: CarStatus) -> None:
    slug = make_car(status=status, sold_at=clock.now() - timedelta(days=29)).slug
    found = ask(f"/cars/{slug}")
    assert found["status"] == "sold" and found["price"]["amount"] is None and found["sold_at"]
    over = make_car(status=status, sold_at=clock.now() - timedelta(days=31)).slug
    assert ask(f"/cars/{over}", 410)["title"] == "Gone"


def test_a_withdrawn_car_is_gone_and_a_draft_never_was(ask: Ask) -> None:
    ask(f"/cars/{make_car(status='withdrawn').slug}", 410)
    ask(f"/cars/{make_car(status='draft').slug}", 404)
    problem = ask("/cars/nosuch", 404)
    assert problem["status"] == 404 and problem["type"] == "about:blank" and problem["detail"]


def test_a_former_address_leads_to_the_one_of_today(client: Client) -> None:
    car = make_car()
    stored(OldSlug(slug="old-name", car_id=car.id))
    moved = client.get("/api/v1/cars/old-name")
    assert moved.status_code == 301 and moved.headers["Location"] == f"/api/v1/cars/{car.slug}"


@pytest.mark.parametrize("slug", ["%00", "..%2f..%2fetc", "%ff%fe", "a" * 5000, "'%20OR%201=1", "%F0%9F%9A%97", "None"])
def test_an_odd_address_is_no_car(client: Client, slug: str) -> None:
    answer = client.get(f"/api/v1/cars/{slug}")
    assert answer.status_code == 404 and answer.content_type == "application/problem+json"
