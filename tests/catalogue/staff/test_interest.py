"""The stock list says what shoppers made of each car: views in seven days, inquiries, and long silence."""

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask

from kroi.accounts.models import User
from kroi.analytics.models import DailyCarViews
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from kroi.leads.rules import LeadStatus
from tests.support.client import Client
from tests.support.makers import make_car, make_lead, stored
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
ZONE = "Europe/Helsinki"
SILENT = "no inquiries for 30 days"


def seen(car: Car, days_ago: int, views: int) -> None:
    stored(DailyCarViews(car_id=car.id, day=clock.today(ZONE) - timedelta(days=days_ago), views=views))


def row(page: str, car: Car) -> list[str]:
    """The figures of a car's row: days, views and inquiries."""
    whole = re.search(rf"<tr>(?:(?!</tr>).)*no\. {car.stock_number}<.*?</tr>", page, re.S)
    assert whole
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r'<td class="num at-none[^>]*>(.*?)</td>', whole[0])]


def test_views_of_a_week_and_all_inquiries_but_spam(app: Flask, signed_in: SignIn, ana: User) -> None:
    asked, quiet = (make_car(listed_at=clock.now() - timedelta(days=days)) for days in (40, 3))
    for days_ago, views in ((0, 5), (6, 7), (7, 100)):
        seen(asked, days_ago, views)
    for status in (LeadStatus.NEW, LeadStatus.LOST, LeadStatus.SPAM):
        make_lead(car=asked, status=status)
    page = signed_in(ana).get("/staff/cars/").text
    assert row(page, asked) == ["40", "12", "2"] and row(page, quiet) == ["3", "0", "0"]


def test_a_car_that_nobody_asks_about_for_long_is_marked(app: Flask, signed_in: SignIn, ana: User) -> None:
    car, client = make_car(photo_count=1, vin="WAUZZZ", listed_at=clock.now()), signed_in(ana)
    lead = make_lead(car=car)
    assert SILENT not in client.get("/staff/cars/").text
    with time_machine.travel(lead.received_at + timedelta(days=29), tick=False):
        assert SILENT not in signed_in(ana).get("/staff/cars/").text
    with time_machine.travel(lead.received_at + timedelta(days=31), tick=False):
        page = signed_in(ana).get("/staff/cars/").text
    assert SILENT in page


def test_only_cars_on_sale_are_called_quiet(app: Flask, signed_in: SignIn, ana: User) -> None:
    old = clock.now() - timedelta(days=90)
    make_car(photo_count=1, vin="W", listed_at=old, status=CarStatus.RESERVED)
    make_car(photo_count=1, vin="W", listed_at=old, sold_at=clock.now(), status=CarStatus.SOLD)
    client = signed_in(ana)
    for tab in ("reserved", "sold"):
        assert SILENT not in client.get(f"/staff/cars/?status={tab}").text


def test_a_draft_has_no_figures(app: Flask, signed_in: SignIn, ana: User) -> None:
    make_car(status=CarStatus.DRAFT, listed_at=None)
    assert "Views, 7 days" not in signed_in(ana).get("/staff/cars/?status=draft").text


def test_another_dealerships_figures_are_not_ours(app: Flask, signed_in: SignIn, ana: User, there: Dealership) -> None:
    car = make_car()
    with acting_for(there.id):
        theirs = make_car()
        seen(theirs, 0, 50)
        make_lead(car=theirs)
    assert row(signed_in(ana).get("/staff/cars/").text, car) == ["0", "0", "0"]


def test_more_cars_cost_no_more_queries(app: Flask, signed_in: SignIn, ana: User) -> None:
    client, counts = signed_in(ana), []
    for more in (2, 28):
        for _car in range(more):
            car = make_car()
            seen(car, 0, 1)
        make_lead(car=car)
        with counted_queries() as sent:
            client.get("/staff/cars/?sort=price")
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 10
