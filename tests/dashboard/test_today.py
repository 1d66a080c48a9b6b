"""Today says who to call first and why, and its numbers are those of the rows."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from kroi.accounts.models import User
from kroi.analytics.models import DailyCarViews
from kroi.core import clock
from kroi.dashboard import queries, rules
from kroi.dashboard.rules import Fault
from kroi.db.model import Model, session
from kroi.db.transaction import transaction
from kroi.leads import service as leads
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.rules import OPEN, LeadStatus, Priority, Source
from tests.support.client import Client
from tests.support.makers import make_car, make_lead, make_user, stored
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
ZONE = "Europe/Helsinki"


def test_it_says_who_to_call_first_and_why(signed_in: SignIn, ana: User) -> None:
    make_lead("Later", score=20, priority=Priority.LOW)
    make_lead("First", phone="040 765 4321", score=90, priority=Priority.URGENT, car=make_car(model="Q5"))
    page = signed_in(ana).get("/staff/").text
    assert page.index("First") < page.index("Later")
    assert "Audi Q5" in page and "Asks about a car" in page and "tel:+358407654321" in page


def test_an_empty_dealership_has_a_calm_page(signed_in: SignIn, ana: User) -> None:
    page = signed_in(ana).get("/staff/").text
    assert "Everyone is answered" in page and "Every car is in order." in page


def won(lead: Lead, at: datetime) -> None:
    """The line of its history that says so."""
    facts = {"before": "negotiating", "after": "won"}
    stored(Activity(lead_id=lead.id, kind=ActivityKind.STATUS, at=at, facts=facts))


def test_a_sale_counts_in_the_month_in_which_it_was_made(boris: User) -> None:
    now = clock.now()
    for age in (2, 40, 41):
        lead = make_lead(f"Person {age}", status=LeadStatus.WON)
        won(lead, now - timedelta(days=age))
    with transaction():
        leads.assign(lead, boris)  # touched today, sold long ago
    reopened = make_lead("Reopened", status=LeadStatus.NEGOTIATING)
    won(reopened, now)
    sold_again = make_lead("Sold again", status=LeadStatus.WON)
    won(sold_again, now - timedelta(days=3))
    won(sold_again, now)
    found = queries.figures(None, day_start=now, month_start=now - timedelta(days=30))
    assert found.won == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_figures_equal_a_count_by_hand_whatever_there_is(app: Flask, data: st.DataObject) -> None:
    now, people = clock.now(), [None, 1, 2]
    with transaction():
        for table in reversed(Model.metadata.sorted_tables):
            if table.name == "leads" or any(key.column.table.name == "leads" for key in table.foreign_keys):
                session.execute(delete(table))
    users = [session.scalar(select(User.id).where(User.email == f"{name}@x.test")) for name in "ab"]
    if None in users:
        users = [make_user(name, email=f"{name}@x.test").id for name in "ab"]
    people[1:] = users
    rows = data.draw(st.lists(st.tuples(
        st.sampled_from(list(LeadStatus)), st.sampled_from(people), st.booleans(),
        st.integers(0, 60), st.integers(0, 60),
    ), max_size=12))  # fmt: skip
    for status, whose, answered, came, sold in rows:
        lead = make_lead(
            status=status, assignee_id=whose, first_answer_at=now if answered else None,
            received_at=now - timedelta(days=came, minutes=1),
        )  # fmt: skip
        if status is LeadStatus.WON:
            won(lead, now - timedelta(days=sold, minutes=1))
    for me in (None, *users):
        seen = [row for row in rows if me is None or row[1] in (me, None)]
        found = queries.figures(me, day_start=now - timedelta(days=1), month_start=now - timedelta(days=30))
        assert found == queries.Figures(
            waiting=sum(row[0] in OPEN and not row[2] for row in seen),
            new_today=sum(row[0] is not LeadStatus.SPAM and row[3] < 1 for row in seen),
            is_open=sum(row[0] in OPEN for row in seen),
            won=sum(row[0] is LeadStatus.WON and row[4] < 30 and me in (None, row[1]) for row in seen),
        )


def test_the_figures_equal_a_count_by_hand(ana: User, boris: User) -> None:
    now = clock.now()
    for number, status in enumerate((*LeadStatus, LeadStatus.NEW, LeadStatus.WON)):
        lead = make_lead(
            f"Person {number}",
            status=status,
            assignee_id=(ana.id, boris.id, None)[number % 3],
            first_answer_at=now if number % 2 else None,
            received_at=now - timedelta(days=number),
        )
        if status is LeadStatus.WON:
            won(lead, now)
    day, month = now - timedelta(hours=1), now - timedelta(days=1)
    found = queries.figures(None, day_start=day, month_start=month)
    assert (found.waiting, found.new_today, found.is_open, found.won) == (4, 1, 6, 2)
    own = queries.figures(ana.id, day_start=day, month_start=month)
    assert (own.is_open, own.won) == (4, 1)


def test_leads_by_day_and_source_equal_a_count_by_hand(app: object) -> None:
    now = clock.now()
    for number in range(12):
        make_lead(
            f"Person {number}",
            received_at=now - timedelta(days=number % 4),
            source=(Source.PHONE, Source.WEBSITE_CAR, Source.WALK_IN)[number % 3],
            status=LeadStatus.WON if number % 5 == 0 else LeadStatus.NEW,
        )
    make_lead("Junk", status=LeadStatus.SPAM)
    found = queries.leads_over_time(None, now - timedelta(days=29), ZONE)
    assert [count for _day, count in found.days[-4:]] == [3, 3, 3, 3]
    assert {row.key: (row.count, row.won) for row in found.sources} == {
        "phone": (4, 1),
        "website_car": (4, 1),
        "walk_in": (4, 1),
    }


def test_views_are_summed_by_day_and_by_car(app: object) -> None:
    today = clock.today(ZONE)
    cars = [make_car(model=f"A{number}") for number in range(3)]
    for number, car in enumerate(cars):
        for ahead in range(3):
            stored(DailyCarViews(day=today - timedelta(days=ahead), car_id=car.id, views=number + 1))
    assert [views for _day, views in queries.views_per_day(today)[-3:]] == [6, 6, 6]
    assert [(row.title, row.views) for row in queries.list_most_looked_at(today)] == [
        ("Audi A2", 9),
        ("Audi A1", 6),
        ("Audi A0", 3),
    ]


def test_cars_with_nothing_to_show_come_before_those_that_stand_long(app: object) -> None:
    now = clock.now()
    make_car(model="Fine", photo_count=3)
    make_car(model="Old", photo_count=3, listed_at=now - timedelta(days=90))
    make_car(model="Free", photo_count=3, price_cents=0)
    make_car(model="Bare", photo_count=0)
    assert [(doubt.car.model, doubt.fault) for doubt in queries.list_doubts(now)] == [
        ("Bare", Fault.NO_PHOTO),
        ("Free", Fault.NO_PRICE),
        ("Old", Fault.OLD),
    ]


def test_what_is_due_today_is_listed_and_what_is_done_is_not(signed_in: SignIn, ana: User) -> None:
    lead = make_lead("Anna Aho")
    with transaction():
        leads.add_task(lead, "Send the papers", clock.now() - timedelta(hours=1))
        leads.finish_task(leads.add_task(lead, "Wash the car", clock.now()))
    page = signed_in(ana).get("/staff/").text
    assert "Send the papers" in page and "Wash the car" not in page


def test_the_page_takes_ten_queries_or_fewer(signed_in: SignIn, boris: User) -> None:
    for number in range(8):
        make_lead(f"Person {number}", car=make_car())
    client = signed_in(boris)
    with counted_queries() as sent:
        client.get("/staff/")
    assert len(sent) <= 10, sent


def test_it_is_for_staff_only(client: Client) -> None:
    assert client.get("/staff/").status_code == 303


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_a_breakdown_adds_up(rows: list[tuple[str, bool]]) -> None:
    found = rules.slices(rows)
    assert {row.key: row.count for row in found} == dict(Counter(key for key, _won in rows))
    assert sum(row.won for row in found) == sum(won for _key, won in rows)
    assert all(0 < row.share <= 1 and row.won_share <= row.share for row in found)
