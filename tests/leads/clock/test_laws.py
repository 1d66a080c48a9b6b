"""Laws of opening time, on calendars and moments that nobody chose."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kroi.dealerships.rules.hours import Calendar, Span
from kroi.leads.clock.rules import add_business, business_seconds

pytestmark = pytest.mark.slow

ZONES = ("Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana", "UTC")
CHANGES = (date(2026, 3, 28), date(2026, 10, 24), date(2026, 3, 7), date(2026, 10, 31), date(2026, 4, 4))


@st.composite
def spans(draw: st.DrawFn, unit: int = 1) -> tuple[Span, ...]:
    edges = draw(st.lists(st.integers(0, 86_400 // unit), max_size=6, unique=True).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple((opens * unit, closes * unit) for opens, closes in pairs)


@st.composite
def calendars(draw: st.DrawFn, unit: int = 1) -> Calendar:
    week = tuple(draw(spans(unit)) for _ in range(7))
    days: Mapping[date, tuple[Span, ...]] = draw(
        st.dictionaries(st.sampled_from(CHANGES).map(lambda day: day + timedelta(days=1)), spans(unit), max_size=3)
    )
    return Calendar(draw(st.sampled_from(ZONES)), week, days)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Mostly around a clock change."""
    day = draw(st.sampled_from(CHANGES) | st.dates(date(2025, 1, 1), date(2027, 12, 31)))
    seconds = draw(st.integers(0, 3 * 86_400))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)


often_open = calendars().filter(lambda each: sum(to - of for day in each.week for of, to in day) >= 3600)
"""An hour a week: in the ten years that are looked ahead there is more than these tests add."""


@given(calendars(), moments(), moments(), moments())
def test_it_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    whole = business_seconds(calendar, a, b) + business_seconds(calendar, b, c)
    assert whole == business_seconds(calendar, a, c)


@given(calendars(), moments(), moments(), st.integers(0, 100_000))
def test_later_is_never_less(calendar: Calendar, start: datetime, end: datetime, more: int) -> None:
    grown = business_seconds(calendar, start, end + timedelta(seconds=more)) - business_seconds(calendar, start, end)
    assert 0 <= grown <= more


@given(often_open, moments(), st.integers(0, 500_000))
def test_what_was_added_is_counted(calendar: Calendar, start: datetime, seconds: int) -> None:
    due = add_business(calendar, start, seconds)
    assert business_seconds(calendar, start, due) == seconds
    if seconds:
        assert business_seconds(calendar, start, due - timedelta(seconds=1)) == seconds - 1


@given(often_open, moments(), st.integers(0, 40_000), st.integers(0, 40_000))
def test_adding_twice_is_adding_once(calendar: Calendar, start: datetime, first: int, second: int) -> None:
    assert add_business(calendar, add_business(calendar, start, first), second) == add_business(
        calendar, start, first + second
    )


@settings(max_examples=30)
@given(calendars(unit=60), moments(), st.integers(0, 4 * 1440))
def test_it_is_what_counting_every_minute_gives(calendar: Calendar, start: datetime, minutes: int) -> None:
    start = start.replace(second=0)
    counted = sum(is_open(calendar, start + timedelta(minutes=n)) for n in range(minutes))
    assert business_seconds(calendar, start, start + timedelta(minutes=minutes)) == counted * 60


@settings(max_examples=30)
@given(calendars(), moments(), st.integers(0, 4_000))
def test_it_is_what_counting_every_second_gives(calendar: Calendar, start: datetime, seconds: int) -> None:
    counted = sum(is_open(calendar, start + timedelta(seconds=n)) for n in range(seconds))
    assert business_seconds(calendar, start, start + timedelta(seconds=seconds)) == counted


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """What somebody at the door sees: the clock on the wall, and the hours beside it."""
    wall = moment.astimezone(ZoneInfo(calendar.zone))
    today = calendar.special.get(wall.date(), calendar.week[wall.weekday()])
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    return any(opens <= second < closes for opens, closes in today)
