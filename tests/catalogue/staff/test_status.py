"""Moving cars: from draft to delivered, by whoever may."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
import time_machine
from flask import Flask

from kroi.accounts.models import AuditEntry, User
from kroi.catalogue import service, subscribers
from kroi.catalogue.models import Car, CarEvent
from kroi.catalogue.rules import CarStatus, moves
from kroi.catalogue.stock import queries as stock
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.support.client import Client
from tests.support.crowd import at_once
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
CONTRACT = {
    "draft": {"available"},
    "available": {"reserved", "sold", "withdrawn", "draft"},
    "reserved": {"available", "sold"},
    "sold": {"delivered", "available"},
    "delivered": set(),
    "withdrawn": {"available", "draft"},
}
EVERY = list(product(CarStatus, CarStatus))


def move(client: Client, car: Car, status: str, **more: str) -> int:
    data = {"status": status, **more}
    return client.post(f"/staff/cars/{car.id}/status", data=data, check=False).status_code


def test_the_moves_are_the_contracts() -> None:
    assert {status.value: {to.value for to in targets} for status, targets in moves.MOVES.items()} == CONTRACT


def test_a_manager_makes_legal_moves_only(signed_in: SignIn, boris: User) -> None:
    client, answers = signed_in(boris), {}
    for old, new in EVERY:
        car = make_car(status=old)
        status = move(client, car, new.value, reason="The bank said no")
        answers[old, new] = (status, session.get_one(Car, car.id).status)
    expected = {(old, new): (303, new) if new.value in CONTRACT[old.value] else (409, old) for old, new in EVERY}
    assert answers == expected


def test_sales_reserve_and_take_it_back(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    for old, new in EVERY:
        car = make_car(status=old)
        status = move(client, car, new.value, reason="x")
        if {old, new} == {CarStatus.AVAILABLE, CarStatus.RESERVED}:
            assert status == 303
        else:
            assert status in (403, 409) and session.get_one(Car, car.id).status is old


def test_a_status_that_there_is_not_is_refused(signed_in: SignIn, boris: User) -> None:
    client, car = signed_in(boris), make_car()
    assert move(client, car, "stolen") == move(client, car, "") == 422


def test_a_sale_that_fell_through_needs_a_reason(signed_in: SignIn, boris: User) -> None:
    car, client = make_car(status=CarStatus.SOLD, sold_at=clock.now()), signed_in(boris)
    assert move(client, car, "available") == 422
    assert move(client, car, "available", reason="The bank said no") == 303
    assert car.sold_at is None
    assert "The bank said no" in client.get(f"/staff/cars/{car.id}").text


def test_a_sold_car_leaves_the_shop_in_the_same_moment(signed_in: SignIn, boris: User, client: Client) -> None:
    car = make_car(model="Unmistakable")
    assert "Unmistakable" in client.get("/cars/").text
    assert move(signed_in(boris), car, "sold") == 303
    assert "Unmistakable" not in client.get("/cars/").text
    assert car.sold_at is not None


def test_moments_go_with_the_moves(app: Flask) -> None:
    car = make_car(status=CarStatus.DRAFT, listed_at=None)
    with transaction():
        service.change_status(car, CarStatus.AVAILABLE)
    listed = car.listed_at
    assert listed is not None
    for target in (CarStatus.WITHDRAWN, CarStatus.AVAILABLE):
        with transaction():
            service.change_status(car, target)
        assert (car.withdrawn_at is not None) is (target is CarStatus.WITHDRAWN)
    assert car.listed_at == listed, "coming back is not new"


def test_a_reservation_ends_in_a_week_unless_another_day_is_said(signed_in: SignIn, ana: User) -> None:
    today, client = clock.today("Europe/Helsinki"), signed_in(ana)
    car, other = make_car(), make_car()
    move(client, car, "reserved")
    move(client, other, "reserved", until=(today + timedelta(days=2)).isoformat())
    assert car.reserved_until == today + timedelta(days=7)
    assert other.reserved_until == today + timedelta(days=2)
    assert "Reserved until" in client.get(f"/staff/cars/{car.id}").text
    move(client, car, "available")
    assert car.reserved_until is None


@pytest.mark.parametrize("until", ["2001-01-01", "2999-01-01", "tomorrow", "2026-13-45", "٢٠٢٦-٠١-٠١"])
def test_a_reservation_ends_on_a_day_that_can_be(signed_in: SignIn, ana: User, until: str) -> None:
    car = make_car()
    assert move(signed_in(ana), car, "reserved", until=until) == 422
    assert session.get_one(Car, car.id).status is CarStatus.AVAILABLE


def test_a_reservation_that_ended_sets_the_car_free(signed_in: SignIn, ana: User) -> None:
    car = make_car()
    move(signed_in(ana), car, "reserved")
    for days, status in ((7, CarStatus.RESERVED), (8, CarStatus.AVAILABLE)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            subscribers.end_reservations()
        assert session.get_one(Car, car.id).status is status
    assert session.query(CarEvent).order_by(CarEvent.id.desc()).first().reason == "the reservation ended"  # type: ignore[union-attr]


def test_of_fifty_reservations_at_once_one_wins_and_history_is_legal(app: Flask) -> None:
    car_id = make_car().id

    def one() -> None:
        with transaction():
            service.change_status(stock.lock(car_id), CarStatus.RESERVED)

    answers = at_once(app, [one] * 50)
    assert [type(each) for each in answers if each is not None] == [Conflict] * 49
    history = session.query(CarEvent).filter_by(car_id=car_id).all()
    assert [(each.before, each.after) for each in history] == [("available", "reserved")]


def test_a_car_without_a_name_does_not_go_on_sale(signed_in: SignIn, boris: User) -> None:
    car = make_car(status=CarStatus.DRAFT, model="")
    assert move(signed_in(boris), car, "available") == 422


def test_each_move_is_in_history_and_audit(signed_in: SignIn, boris: User) -> None:
    car = make_car()
    move(signed_in(boris), car, "sold", reason="Sold to a friend of the house")
    [event] = session.query(CarEvent).all()
    assert (event.before, event.after, event.by_id) == ("available", "sold", boris.id)
    [entry] = session.query(AuditEntry).all()
    assert (entry.action, entry.details) == ("move car", {"from": "available", "to": "sold"})


def test_only_possible_moves_are_offered(signed_in: SignIn, ana: User, boris: User) -> None:
    car = make_car(status=CarStatus.SOLD, sold_at=clock.now())
    page = signed_in(boris).get(f"/staff/cars/{car.id}").text
    assert "Mark as delivered" in page and "The sale fell through" in page and "Withdraw" not in page
    assert "A manager decides" in signed_in(ana).get(f"/staff/cars/{car.id}").text


def test_a_day_that_is_none_is_said_beside_its_field_and_stays(signed_in: SignIn, ana: User, boris: User) -> None:
    car = make_car()
    for user, until in ((ana, "2030-01-01"), (boris, "soon")):
        answer = signed_in(user).post(f"/staff/cars/{car.id}/status", data={"status": "reserved", "until": until})
        assert answer.status_code == 422 and 'id="until-error"' in answer.text and "<h1" in answer.text
        assert re.search(rf'<input[^>]*id="until"[^>]*value="{until}"', answer.text)


def test_a_missing_reason_is_said_beside_its_field(signed_in: SignIn, boris: User) -> None:
    car = make_car(status=CarStatus.SOLD, sold_at=clock.now())
    answer = signed_in(boris).post(f"/staff/cars/{car.id}/status", data={"status": "available"})
    assert answer.status_code == 422 and re.search(r'<details class="more" open>.*id="reason-error"', answer.text, re.S)
