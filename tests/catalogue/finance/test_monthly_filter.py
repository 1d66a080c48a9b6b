"""The monthly budget as a filter of the list: another way to say how much a car may cost."""

import pytest
from flask import Flask

from kroi.catalogue.finance import queries, rules
from kroi.catalogue.finance.rules import Terms
from kroi.catalogue.listing import counts
from kroi.catalogue.rules.filters import CarFilter, Span
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car

_BOUND = rules.highest_price(300_00, Terms())


def _total(euros: int) -> int:
    return counts.count(CarFilter(monthly=Span(high=euros))).total


def test_a_budget_is_a_bound_of_the_price_to_the_cent(app: Flask) -> None:
    make_car(price_cents=_BOUND)
    assert (_total(299), _total(300), _total(999_999_999)) == (0, 1, 1)
    make_car(price_cents=_BOUND + 1)
    assert (_total(300), _total(301)) == (1, 2)


def test_a_price_on_request_is_outside_every_budget(app: Flask) -> None:
    make_car(price_cents=0)
    assert _total(0) == _total(999_999_999) == 0


def test_the_budget_goes_by_the_dealerships_own_terms(app: Flask, here: Dealership) -> None:
    assert queries.get_terms() == Terms() and queries.highest_price(300) == _BOUND


def test_the_chosen_budget_stands_in_a_chip_and_in_the_form(client: Client) -> None:
    make_car(price_cents=_BOUND)
    make_car(model="A8", price_cents=_BOUND + 1)
    page = client.get("/cars/?max_monthly=300").text
    assert "up to €300/mo" in page and 'name="max_monthly" id="max_monthly" min="0" value="300"' in page
    assert "1–1 / 1 car" in page and ">Audi A8</a>" not in page
    assert '/cars/?max_monthly=300">' in page.split("canonical")[1][:80]


def test_an_empty_list_says_what_the_nearest_car_costs_a_month(client: Client) -> None:
    make_car(price_cents=_BOUND + 1)
    page = client.get("/cars/?max_monthly=300").text
    assert "Drop “up to €300/mo”" in page and "the nearest is €301/mo" in page


@pytest.mark.parametrize("query", ["max_monthly=-1", "max_monthly=x", "min_monthly=5", "max_monthly="])
def test_a_budget_that_cannot_be_read_is_ignored(client: Client, query: str) -> None:
    make_car(price_cents=_BOUND + 1)
    assert "1–1 / 1 car" in client.get(f"/cars/?{query}").text
