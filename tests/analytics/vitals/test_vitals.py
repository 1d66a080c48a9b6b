"""Browsers tell how quick a page was; counts by page and day are all that is kept, and what is nonsense is dropped."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.analytics.models import DailyPageViews
from kroi.analytics.vitals import rules
from kroi.analytics.vitals.models import DailyVitals
from kroi.analytics.vitals.rules import SCALES, Grade, Metric
from kroi.db.model import session
from tests.analytics.reports.test_pages import SignIn
from tests.analytics.test_counting import FIREFOX, flush
from tests.support.client import Client

AT_CAR = {"Referer": "http://a.test/fi/cars/audi-a4-1", "User-Agent": FIREFOX}


def stored() -> dict[tuple[str, str, int], int]:
    rows = session.scalars(select(DailyVitals))
    return {(row.kind.value, row.metric.value, row.bucket): row.visits for row in rows}


def test_a_measure_counts_for_the_kind_of_page_it_is_about(app: Flask, client: Client) -> None:
    flush(app)  # what tests before saw
    before = session.scalars(select(DailyPageViews)).all()
    for _each in range(2):
        sent = {"lcp": "1234.5", "inp": "40", "cls": "0.0123"}
        assert client.post("/vitals", data=sent, headers=AT_CAR).status_code == 204
    flush(app)
    assert stored() == {("car", "lcp", 24): 2, ("car", "inp", 5): 2, ("car", "cls", 2): 2}
    assert session.scalars(select(DailyPageViews)).all() == before


@pytest.mark.parametrize("value", ["", "x", "-1", "nan", "inf", "1e999", "0x10", "\x00", "9" * 400])
def test_what_is_no_measure_is_dropped(app: Flask, client: Client, value: str) -> None:
    assert client.post("/vitals", data={"lcp": value, "more": "1"}, headers=AT_CAR).status_code == 204
    flush(app)
    assert stored() in ({}, {("car", "lcp", 200): 1})


def test_machines_staff_and_other_sites_are_not_counted(
    app: Flask, signed_in: SignIn, client: Client, ana: User
) -> None:
    assert client.post("/vitals", data={"lcp": "9"}, headers=AT_CAR | {"User-Agent": "curl/8.5.0"}).status_code == 204
    assert signed_in(ana).post("/vitals", data={"lcp": "9"}, headers=AT_CAR).status_code == 204
    elsewhere = AT_CAR | {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert client.post("/vitals", data={"lcp": "9"}, headers=elsewhere).status_code == 403
    flush(app)
    assert stored() == {}


@given(st.sampled_from(Metric), st.floats(0, 5_000))
def test_no_visit_is_made_out_quicker_than_it_was(metric: Metric, measured: float) -> None:
    unit = 1000 if metric is Metric.CLS else 1
    bucket = rules.read({metric.value: str(measured)})[metric]
    scale = SCALES[metric]
    shown = rules.value(metric, bucket)
    assert shown >= min(measured * unit, scale.most) - scale.step * (bucket == 0)
    assert shown <= measured * unit + scale.step


def test_grades_are_those_of_search_engines() -> None:
    assert [rules.grade(Metric.LCP, value) for value in (2_500, 2_501, 4_001)] == list(Grade)
    assert [rules.grade(Metric.INP, value) for value in (200, 201, 501)] == list(Grade)
    assert [rules.grade(Metric.CLS, value) for value in (100, 101, 251)] == list(Grade)


def test_the_report_says_what_three_of_four_visits_stayed_within(app: Flask, signed_in: SignIn, boris: User) -> None:
    visitor = app.test_client()
    for lcp in (500, 600, 700, 5_000):
        visitor.post(
            "/vitals", data={"lcp": lcp}, base_url="http://a.test", headers=AT_CAR | {"Sec-Fetch-Site": "same-origin"}
        )
    assert "No visits measured" in signed_in(boris).get("/staff/reports/speed").text
    flush(app)
    page = signed_in(boris).get("/staff/reports/speed").text
    assert "750\N{NO-BREAK SPACE}ms" in page and "A car's page" in page
