"""Locations: each with hours of its own, by which questions about the cars that stand there are answered."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.catalogue.places import queries as places
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from tests.leads.clock.asked import MONDAY_NOON, ask
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

HARBOUR = {"name": "Harbour", "street": "Quay 1", "city": "Turku", "phone": "+358 2 1", "day0": "15–17"}


@pytest.fixture
def page(signed_in: Callable[[User], Client], olga: User) -> Iterator[Client]:
    """An owner's browser, on Monday at noon."""
    with time_machine.travel(MONDAY_NOON, tick=False):
        yield signed_in(olga)


def add(page: Client, **more: str) -> int:
    """The id of a new location."""
    assert page.post("/staff/settings/locations/0", data=HARBOUR | more).status_code == 303
    return stored()[-1]


def stored() -> list[int]:
    session.expire_all()
    return [row["id"] for row in session.scalars(select(Dealership).where(Dealership.host == "a.test")).one().locations]


def test_a_location_is_added_changed_and_removed(page: Client, here: Dealership) -> None:
    harbour = add(page)
    assert "Harbour" in page.get("/staff/settings/locations").text
    assert 'value="15:00–17:00"' in page.get(f"/staff/settings/locations/{harbour}").text
    page.post(f"/staff/settings/locations/{harbour}", data=HARBOUR | {"name": "Port", "day0": ""})
    (port,) = dealerships.get_profile(here.id).locations
    assert (port.name, port.phone, port.hours) == ("Port", "+358 2 1", {})
    page.post(f"/staff/settings/locations/{harbour}/removal")
    assert stored() == []
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions[-3:] == ["location.saved", "location.saved", "location.removed"]


def test_questions_about_its_cars_keep_its_hours(page: Client) -> None:
    there, main = make_car(), make_car()
    lead = ask(car=there)
    assert lead.answer_due_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    harbour = add(page, cars=there.stock_number)
    session.expire_all()
    assert session.get_one(Lead, lead.id).answer_due_at == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    assert ask(car=there).answer_due_at == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    assert ask(car=main).answer_due_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    page.post(f"/staff/settings/locations/{harbour}/removal")
    session.expire_all()
    assert session.get_one(Lead, lead.id).answer_due_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def test_a_car_stands_at_one_place(page: Client) -> None:
    car, other = make_car(), make_car()
    first = add(page, cars=f"{car.stock_number}, {other.stock_number}")
    second = add(page, name="Airport", cars=car.stock_number)
    assert places.list_stock_numbers(first) == [other.stock_number]
    assert places.list_stock_numbers(second) == [car.stock_number]
    page.post(f"/staff/settings/locations/{second}", data=HARBOUR | {"name": "Airport"})
    assert places.find_location_id(car.id) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "A location needs a name"),
        ({"cars": "10047, 99999"}, "There is no car of number 10047, 99999"),
        ({"day0": "late"}, "Write hours such as"),
        ({"d0-date": "2030-12-24", "d0-hours": "late"}, "Write hours such as"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(page: Client, typed: dict[str, str], said: str) -> None:
    response = page.post("/staff/settings/locations/0", data=HARBOUR | typed)
    assert response.status_code == 422
    assert said in response.text
    assert stored() == []


def test_two_locations_have_two_names(page: Client) -> None:
    add(page)
    assert page.post("/staff/settings/locations/0", data=HARBOUR | {"name": "harbour"}).status_code == 409


@pytest.mark.parametrize("location_id", [1, 99, 2**40])
def test_what_is_not_there_is_not_found(page: Client, location_id: int) -> None:
    assert page.get(f"/staff/settings/locations/{location_id}").status_code == 404
    assert page.post(f"/staff/settings/locations/{location_id}", data=HARBOUR).status_code == 404
    assert page.post(f"/staff/settings/locations/{location_id}/removal").status_code == 404


def test_another_dealerships_cars_cannot_be_put_here(page: Client, there: Dealership) -> None:
    with acting_for(there.id):
        theirs = make_car().stock_number
    assert page.post("/staff/settings/locations/0", data=HARBOUR | {"cars": theirs}).status_code == 422


def test_nobody_but_an_owner_may(signed_in: Callable[[User], Client], boris: User) -> None:
    browser = signed_in(boris)
    for address in ("/staff/settings/locations", "/staff/settings/locations/0"):
        assert browser.get(address).status_code == 403
    assert browser.post("/staff/settings/locations/0", data=HARBOUR).status_code == 403


def test_a_clock_elsewhere_costs_the_inbox_no_query(page: Client) -> None:
    cars = [make_car() for _ in range(3)]
    for car in cars:
        ask(car=car)
    page.get("/staff/leads/")
    with counted_queries() as before:
        page.get("/staff/leads/")
    add(page, cars=" ".join(car.stock_number for car in cars))
    page.get("/staff/leads/")
    with counted_queries() as after:
        text = page.get("/staff/leads/").text
    assert len(after) <= len(before)
    assert "starts 15:00" in text
