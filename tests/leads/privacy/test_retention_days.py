"""When a time is over, to the day: months of all lengths, leap days, clock changes, and every day there is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.dealerships.rules.retention import BOUNDS, Terms, before, ends_on, last_over, next_version

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
months = st.integers(1, 120)


@pytest.mark.parametrize(
    ("day", "after", "over"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_there_is(day: date, after: int, over: date) -> None:
    assert ends_on(day, after) == over


@given(today=days, after=months)
def test_what_is_over_today_is_every_day_whose_end_has_come_and_no_other(today: date, after: int) -> None:
    last = last_over(today, after)
    assert ends_on(last, after) <= today < ends_on(last + timedelta(days=1), after)


@given(day=days, after=months)
def test_a_longer_time_is_never_over_sooner(day: date, after: int) -> None:
    assert ends_on(day, after) < ends_on(day, after + 1)
    assert ends_on(day, after) <= ends_on(day + timedelta(days=1), after)


def test_a_day_is_the_dealerships_whatever_its_clocks_do() -> None:
    assert before(date(2027, 3, 28), "Europe/Helsinki", months=12) == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert before(date(2027, 3, 29), "Europe/Helsinki", months=12) == datetime(2026, 3, 29, 21, tzinfo=UTC)
    assert before(date(2026, 11, 22), "Europe/Helsinki", days=30) == datetime(2026, 10, 23, 21, tzinfo=UTC)


def test_what_was_stored_and_cannot_be_is_the_usual() -> None:
    odd = {"unsold": 0, "won": 121, "files": "6", "spam_days": 7, "marketing": None, "unheard of": 3}
    assert Terms.read(odd) == Terms(spam_days=7)
    assert Terms.read(Terms(unsold=3, quotations=1).data()) == Terms(unsold=3, quotations=1)
    assert {
        name: BOUNDS[name][0] <= value <= BOUNDS[name][1] for name, value in Terms().data().items()
    } == dict.fromkeys(BOUNDS, True)


def test_a_text_with_other_periods_is_another_version() -> None:
    today = date(2026, 11, 22)
    assert next_version("2026-11", today) == "2026-11-22"
    assert next_version("2026-11-22", today) == "2026-11-22.2"
    assert next_version("2026-11-22.2", today) == "2026-11-22.3"
