"""A price is changed alone: what it was, what the law makes of it, and nothing lost between two who type."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kroi.accounts.models import AuditEntry, User
from kroi.catalogue import service
from kroi.catalogue.models import Car, PriceChange
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]


@pytest.fixture
def car(app: Flask) -> Car:
    """On sale for forty days for 15,900 €."""
    return make_car(make="Audi", model="A6", listed_at=clock.now() - timedelta(days=40))


def words(page: str) -> str:
    """A page's text on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)).replace("\xa0", " ")


def priced(car: Car) -> int:
    return session.get_one(Car, car.id, populate_existing=True).price_cents


def test_the_list_leads_to_it_and_sales_only_read_the_price(
    signed_in: SignIn, boris: User, ana: User, car: Car
) -> None:
    address = f"/staff/cars/{car.id}/price"
    assert f'href="{address}"' in signed_in(boris).get("/staff/cars/").text
    assert f'href="{address}"' in signed_in(boris).get(f"/staff/cars/{car.id}").text
    assert address not in signed_in(ana).get("/staff/cars/").text
    assert signed_in(ana).get(address).status_code == 403


def test_it_says_what_it_cost_and_what_may_stand_struck(signed_in: SignIn, boris: User, car: Car) -> None:
    client, address = signed_in(boris), f"/staff/cars/{car.id}/price"
    page = client.get(address).text
    assert "The lowest price of the last 30 days is €15,900." in words(page)
    assert re.search(r'<input[^>]*id="price"[^>]*value="15,900"', page) and f'action="{address}"' in page
    assert client.post(address, data={"price": "14 900", "was": "1590000"}).status_code == 303
    page = words(client.get(address).text)
    assert "The lowest price of the last 30 days is €14,900." in page and "Struck now: €15,900." in page
    assert boris.name in page and session.get_one(Car, car.id).struck_cents == 15_900_00


def test_what_a_draft_costs_is_nobodys_earlier_price(signed_in: SignIn, boris: User) -> None:
    draft = make_car(status="draft", listed_at=None)
    assert "It has not been on sale yet" in signed_in(boris).get(f"/staff/cars/{draft.id}/price").text


def test_a_price_on_request_is_no_earlier_price_either(signed_in: SignIn, boris: User) -> None:
    car = make_car(price_cents=0, listed_at=clock.now() - timedelta(days=40))
    page = signed_in(boris).get(f"/staff/cars/{car.id}/price").text
    assert "Nobody was shown a price in the last 30 days" in page and "Now: on request." in page


def test_a_rise_strikes_nothing(signed_in: SignIn, boris: User, car: Car) -> None:
    signed_in(boris).post(f"/staff/cars/{car.id}/price", data={"price": "16 900"})
    assert priced(car) == 16_900_00 and session.get_one(Car, car.id).struck_cents is None


@pytest.mark.parametrize(
    ("typed", "said"), [("cheap", "This is not a price"), ("-5", "not between"), ("1" * 30, "not between")]
)
def test_a_wrong_price_stays_in_its_field(signed_in: SignIn, boris: User, car: Car, typed: str, said: str) -> None:
    answer = signed_in(boris).post(f"/staff/cars/{car.id}/price", data={"price": typed, "was": "1590000"})
    assert answer.status_code == 422 and 'id="price-error"' in answer.text and said in answer.text
    assert re.search(rf'<input[^>]*id="price"[^>]*value="{typed}"', answer.text) and priced(car) == 15_900_00


def test_who_typed_longer_is_told_what_it_costs_now(signed_in: SignIn, boris: User, olga: User, car: Car) -> None:
    address = f"/staff/cars/{car.id}/price"
    assert signed_in(olga).post(address, data={"price": "15 000", "was": "1590000"}).status_code == 303
    answer = signed_in(boris).post(address, data={"price": "14 000", "was": "1590000"})
    assert answer.status_code == 409 and "It is now: €15,000." in words(answer.text) and priced(car) == 15_000_00
    assert re.search(r'<input[^>]*id="price"[^>]*value="14 000"', answer.text)
    was = re.search(r'name="was"[^>]*value="(\d+)"', answer.text)
    assert was and signed_in(boris).post(address, data={"price": "14 000", "was": was[1]}).status_code == 303
    assert priced(car) == 14_000_00


def test_the_ledger_and_the_record_tell_who(signed_in: SignIn, boris: User, car: Car) -> None:
    signed_in(boris).post(f"/staff/cars/{car.id}/price", data={"price": "14 900"})
    step = session.query(PriceChange).filter_by(car_id=car.id).order_by(PriceChange.id.desc()).first()
    entry = session.query(AuditEntry).filter_by(action="price car").one()
    assert step is not None and (step.price_cents, step.by_id) == (14_900_00, boris.id)
    assert (entry.actor_id, entry.details) == (boris.id, {"from": 15_900_00, "to": 14_900_00})


def test_the_page_costs_few_queries(signed_in: SignIn, boris: User, car: Car) -> None:
    with transaction():
        for cents in range(10_000_00, 10_080_00, 1_00):
            service.put_price(session.get_one(Car, car.id), cents)
    client = signed_in(boris)
    with counted_queries() as asked:
        assert client.get(f"/staff/cars/{car.id}/price").text.count("<time") == 60
    assert len(asked) <= 10
