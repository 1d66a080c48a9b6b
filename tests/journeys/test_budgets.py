"""No staff page asks the database more than ten times, and no page asks more often because there is more to show."""

from collections.abc import Callable
from typing import Any

import pytest

from kroi.accounts.models import Role, User
from kroi.core import clock
from kroi.db.transaction import transaction
from kroi.leads import queries
from kroi.leads import service as leads
from tests.benchmarks.year.loading import load
from tests.journeys.desk import filed_with
from tests.journeys.routes import STAFF
from tests.journeys.test_route_matrix import ask, ids, look_alikes
from tests.journeys.visits import visited
from tests.support.client import Client
from tests.support.makers import make_car, make_lead, make_user
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

__all__ = ["ids"]  # a fixture
MOST = 10
FILES = {"GET /staff/audit/export"}  # all there is, read a thousand entries at a time
PAGES = [name for name in STAFF if name.startswith("GET") and name not in FILES]
MORE = {  # other faces of pages that ask for other things
    "GET /staff/leads/": ("?tab=mine", "?tab=free", "?tab=late", "?tab=all", "?status=won&age=30", "?q=anneli"),
    "GET /staff/board": ("?whose=all",),
    "GET /staff/people/": ("?q=anna+niemi", "?tab=dismissed"),
    "GET /staff/cars/": ("?tab=sold", "?q=volvo", "?order=cheapest"),
    "GET /staff/audit/": ("?action=lead.received", "?since=2026-01-01"),
}


@pytest.mark.parametrize("role", [Role.OWNER, Role.SALES])
def test_every_staff_page_asks_ten_times_at_most_and_no_more_of_twice_the_rows(
    signed_in: Callable[[User], Client], request: pytest.FixtureRequest, olga: User, ana: User, role: Role
) -> None:
    known, me = request.getfixturevalue("ids"), olga if role is Role.OWNER else ana
    client, pages = signed_in(me), [name for name in PAGES if role.value in STAFF[name].roles]
    grow(me, known["lead_id"])
    asked = {name: questions(client, name, known) for name in addresses(pages)}
    grow(me, known["lead_id"])
    again = {name: questions(client, name, known) for name in addresses(pages)}
    assert {name: sent for name, sent in again.items() if len(sent) > MOST} == {}
    assert {name: len(sent) for name, sent in again.items()} == {name: len(sent) for name, sent in asked.items()}


def addresses(pages: list[str]) -> list[str]:
    return [name + query for name in pages for query in ("", *MORE.get(name, ()))]


def questions(client: Client, name: str, known: dict[str, Any]) -> list[str]:
    """What a page asks of the database when it was open before: now and then one asks what is true for minutes."""
    ask(client, name, known)
    return min((_questions(client, name, known) for _time in range(2)), key=len)


def _questions(client: Client, name: str, known: dict[str, Any]) -> list[str]:
    with counted_queries() as sent:
        response = ask(client, name, known)
    assert response.status_code in (200, 303), name
    return sent


def grow(me: User, lead_id: int) -> None:
    """A small year, with more of everything that the pages list."""
    for number in range(3):
        make_user(f"Colleague {number}")
        make_car(photo_count=2)
    with transaction():
        lead = queries.lock(lead_id)
        for text in ("Ring", "Write"):
            leads.add_task(lead, text, clock.now())
            leads.add_note(lead, text)
    lead = make_lead()
    filed_with(lead)
    visited(lead)
    look_alikes()
    load(300)
