"""What is usual is measured from the dealership's own answers of the last month, and told on the storefront."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from kroi.leads.clock import service as response_clock
from tests.leads.clock.asked import MONDAY_NOON, ask, change
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def monday_noon(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_NOON, tick=False) as traveller:
        yield traveller


def answer(count: int, minutes: int, traveller: time_machine.Traveller) -> None:
    """So many shoppers ask, and each is answered after so many minutes."""
    leads = [ask() for _ in range(count)]
    traveller.shift(timedelta(minutes=minutes))
    for lead in leads:
        change(lead.id, response_clock.answered)


def usual(here: Dealership) -> int | None:
    response_clock.mend()
    session.expire_all()
    return session.get_one(Dealership, here.id).usual_answer_seconds


def test_nine_answers_are_too_few_to_promise(here: Dealership, monday_noon: time_machine.Traveller) -> None:
    answer(9, 23, monday_noon)
    assert usual(here) is None
    answer(1, 1, monday_noon)
    assert usual(here) == 23 * 60


def test_old_answers_are_forgotten(here: Dealership, monday_noon: time_machine.Traveller) -> None:
    answer(10, 23, monday_noon)
    assert usual(here) == 23 * 60
    monday_noon.shift(timedelta(days=31))
    assert usual(here) is None


def test_questions_that_nobody_answered_count_once_they_are_late(
    here: Dealership, monday_noon: time_machine.Traveller
) -> None:
    answer(10, 5, monday_noon)
    for _ in range(11):
        ask()
    assert usual(here) == 5 * 60
    monday_noon.shift(timedelta(minutes=31))
    assert usual(here) is None


def test_another_dealership_promises_nothing_by_it(
    here: Dealership, there: Dealership, monday_noon: time_machine.Traveller
) -> None:
    answer(10, 5, monday_noon)
    with acting_for(there.id):
        assert usual(there) is None
    assert usual(here) == 5 * 60


@pytest.mark.parametrize("page", ["/contact", "/cars/{slug}", "/cars/{slug}/inquiry"])
def test_the_storefront_says_so_at_once(
    client: Client, here: Dealership, monday_noon: time_machine.Traveller, page: str
) -> None:
    address = page.format(slug=make_car().slug)
    assert "We usually answer" not in client.get(address).text
    answer(10, 23, monday_noon)
    response_clock.mend()
    assert "We usually answer in 23 minutes" in client.get(address).text
