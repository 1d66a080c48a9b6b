"""Where a car stands, once there are several places: chosen in the editor, said on its page, kept by its questions."""

import html
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.catalogue import service
from kroi.catalogue.models import Car
from kroi.catalogue.places import queries as places
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealership_queries
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from kroi.leads.visits import queries as visits
from tests.leads.clock.asked import MONDAY_NOON, ask
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
YARD = {
    "id": 1, "name": "Yard", "street": "Harbour 1", "postal_code": "00100", "city": "Helsinki",
    "hours": {"0": [["15:00", "17:00"]]},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY_NOON, tick=False):
        yield


@pytest.fixture
def several(here: Dealership) -> None:
    """There is a yard beside the main place."""
    with transaction():
        dealerships.change_profile(here.id, locations=[YARD])
    dealership_queries.forget_map()


def typed(car: Car, **more: str) -> dict[str, Any]:
    session.expire_all()
    seen = service.version_of(session.get_one(Car, car.id))
    return {"make": car.make, "model": car.model, "condition": "used", "price": "10000", "seen": seen} | more


def save(desk: Client, car: Car, **more: str) -> int:
    return desk.post(f"/staff/cars/{car.id}", data=typed(car, **more)).status_code


def test_with_one_place_nothing_is_asked_or_said(client: Client, signed_in: SignIn, boris: User) -> None:
    car = make_car()
    assert "Where it stands" not in signed_in(boris).get(f"/staff/cars/{car.id}").text
    assert "Where it stands" not in client.get(f"/cars/{car.slug}").text


@pytest.mark.usefixtures("several")
def test_it_is_chosen_in_the_editor_and_said_on_the_page(client: Client, signed_in: SignIn, boris: User) -> None:
    car, desk = make_car(), signed_in(boris)
    before = html.unescape(client.get(f"/cars/{car.slug}").text)
    assert "Where it stands</dt><dd>A Motors" in before
    assert save(desk, car, location="1") == 303 and places.find_location_id(car.id) == 1
    page = html.unescape(client.get(f"/cars/{car.slug}").text)
    assert "Where it stands</dt><dd>Yard, Harbour 1, 00100 Helsinki" in page, "a kept page hears of it"
    with counted_queries() as asked:
        editor = desk.get(f"/staff/cars/{car.id}").text
    assert len(asked) <= 10 and 'selected value="1">Yard' in editor and "A Motors → Yard" in editor
    assert save(desk, car, location="0", seen=typed(car)["seen"] + "-1") == 303
    assert places.find_location_id(car.id) is None


@pytest.mark.usefixtures("several")
def test_its_questions_and_visits_keep_the_hours_of_its_place(signed_in: SignIn, boris: User) -> None:
    car, other = make_car(), make_car()
    lead, theirs = ask(car=car), ask(car=other)
    assert lead.answer_due_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    save(signed_in(boris), car, location="1")
    session.expire_all()
    found = session.get_one(Lead, lead.id)
    assert (found.answer_due_at, found.location_id) == (datetime(2026, 11, 23, 13, 30, tzinfo=UTC), 1)
    assert session.get_one(Lead, theirs.id).location_id is None
    assert {slot.starts_at.hour for slot in visits.list_free(session.get_one(Car, car.id))} == {13, 14}
    assert visits.place_of(car.id).name == "Yard"


@pytest.mark.usefixtures("several")
def test_who_was_overtaken_moves_nothing_back(signed_in: SignIn, boris: User) -> None:
    car, desk = make_car(), signed_in(boris)
    stale = typed(car, location="0")
    save(desk, car, location="1")
    assert desk.post(f"/staff/cars/{car.id}", data=stale).status_code == 409
    assert places.find_location_id(car.id) == 1


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("nonsense", ["2", "-1", "x", "", "1; DROP TABLE cars"])
def test_a_place_that_is_none_is_refused(signed_in: SignIn, boris: User, nonsense: str) -> None:
    car = make_car()
    assert save(signed_in(boris), car, location=nonsense) == 422 and places.find_location_id(car.id) is None


@pytest.mark.usefixtures("several")
def test_a_form_without_the_field_leaves_the_car_where_it_is(signed_in: SignIn, boris: User) -> None:
    car, desk = make_car(), signed_in(boris)
    save(desk, car, location="1")
    assert save(desk, car, trim="Sport", seen=typed(car)["seen"] + "-1") == 303
    assert places.find_location_id(car.id) == 1 and session.scalar(select(Car.trim).where(Car.id == car.id)) == "Sport"


@pytest.mark.usefixtures("several")
def test_sales_may_not_move_it(signed_in: SignIn, ana: User) -> None:
    car = make_car()
    assert save(signed_in(ana), car, location="1") == 403 and places.find_location_id(car.id) is None
