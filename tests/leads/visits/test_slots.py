"""The times that a car can be driven: never two at once, never outside opening hours, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.dealerships.rules.hours import Calendar, calendar
from kroi.leads.visits import rules
from kroi.leads.visits.rules import LENGTH, NOTICE, PAUSE, Slot, list_slots, slot_at

HELSINKI = "Europe/Helsinki"
WEEK = {str(day): [["10:00", "13:00"], ["14:00", "18:00"]] for day in range(5)} | {"5": [["10:00", "15:00"]]}


def local(words: str, zone: str = HELSINKI) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def offered(now: str, week: dict[str, list[list[str]]] = WEEK, taken: tuple[str, ...] = ()) -> list[str]:
    """The times on offer as the wall clock shows them."""
    booked = [slot_at(local(each)) for each in taken]
    found = list_slots(calendar(HELSINKI, week), local(now), booked)
    return [f"{each.starts_at.astimezone(ZoneInfo(HELSINKI)):%m-%d %H:%M}" for each in found]


def test_times_begin_when_we_open_and_end_before_we_close() -> None:
    assert offered("2026-11-24 06:00")[:8] == [
        "11-24 10:00", "11-24 11:00", "11-24 12:00", "11-24 14:00",
        "11-24 15:00", "11-24 16:00", "11-24 17:00", "11-25 10:00",
    ]  # fmt: skip


def test_we_are_told_two_hours_before() -> None:
    assert offered("2026-11-24 09:01")[0] == "11-24 12:00"
    assert offered("2026-11-24 09:00")[0] == "11-24 11:00"


def test_a_taken_time_and_a_pause_around_it_are_gone() -> None:
    assert offered("2026-11-24 06:00", taken=("2026-11-24 10:30",))[:2] == ["11-24 12:00", "11-24 14:00"]
    assert offered("2026-11-24 06:00", taken=("2026-11-24 11:00",))[:2] == ["11-24 10:00", "11-24 12:00"]


def test_six_days_are_offered_and_closed_ones_are_passed_over() -> None:
    days = list(dict.fromkeys(each[:5] for each in offered("2026-11-27 06:00")))
    assert days == ["11-27", "11-28", "11-30", "12-01", "12-02", "12-03"]


def test_a_holiday_has_no_times_and_a_day_with_other_hours_has_those() -> None:
    special = {"2026-11-24": [], "2026-11-25": [["12:00", "14:00"]]}
    found = list_slots(calendar(HELSINKI, WEEK, special), local("2026-11-24 06:00"), [])
    assert [each.starts_at for each in found[:3]] == [
        local("2026-11-25 12:00"), local("2026-11-25 13:00"), local("2026-11-26 10:00")
    ]  # fmt: skip


@pytest.mark.parametrize(("before", "sunday"), [("2026-03-28 20:00", "03-29"), ("2026-10-24 20:00", "10-25")])
def test_the_clock_on_the_wall_counts_when_the_clocks_change(before: str, sunday: str) -> None:
    week = {"6": [["10:00", "12:00"]]}
    assert offered(before, week)[:2] == [f"{sunday} 10:00", f"{sunday} 11:00"]


def test_who_never_opens_offers_nothing() -> None:
    assert offered("2026-11-24 06:00", {}) == []


WALL = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
SPANS = st.lists(WALL, min_size=0, max_size=4, unique=True).map(
    lambda walls: [list(pair) for pair in zip(sorted(walls)[::2], sorted(walls)[1::2], strict=False)]
)
ZONES = st.sampled_from([HELSINKI, "Europe/Lisbon", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu"])
MOMENTS = st.integers(0, 600_000).map(lambda minutes: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(ZONES, st.dictionaries(st.sampled_from("0123456"), SPANS), MOMENTS, st.lists(st.integers(0, 40_000), max_size=6))
def test_times_never_overlap_and_lie_in_opening_hours(
    zone: str, week: dict[str, list[list[str]]], now: datetime, minutes: list[int]
) -> None:
    hours = calendar(zone, week)
    taken = [slot_at(now + timedelta(minutes=each)) for each in minutes]
    found = list_slots(hours, now, taken)
    assert found == sorted(found)
    for earlier, later in zip(found, found[1:], strict=False):
        assert later.starts_at - earlier.ends_at >= PAUSE
    for slot in found:
        assert slot.starts_at >= now + NOTICE and slot.ends_at - slot.starts_at == LENGTH
        assert all(is_open(hours, slot.starts_at + timedelta(minutes=each)) for each in range(0, 45, 5))
        assert not any(each.starts_at < slot.ends_at and slot.starts_at < each.ends_at for each in taken)
        assert rules.is_offered(hours, now, slot)


@given(ZONES, st.dictionaries(st.sampled_from("0123456"), SPANS, min_size=7), MOMENTS, st.integers(0, 500))
def test_what_is_offered_today_is_still_offered_a_while_later(
    zone: str, week: dict[str, list[list[str]]], now: datetime, later: int
) -> None:
    hours, then = calendar(zone, week), now + timedelta(minutes=later)
    for slot in list_slots(hours, now, []):
        assert rules.is_offered(hours, then, slot) == (slot.starts_at >= then + NOTICE)


def is_open(hours: Calendar, moment: datetime) -> bool:
    """By brute force: does the wall show an opening hour?"""
    wall = moment.astimezone(ZoneInfo(hours.zone))
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    return any(opens <= second < closes for opens, closes in hours.spans_on(wall.date()))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "x",
        "2026-11-24",
        "2026-11-24T10:00",
        "2026-13-24T10:00Z",
        "２026-11-24T10:00Z",
        "2026-11-24T10:00Z\n",
        "0000-01-01T00:00Z",
    ],
)
def test_what_we_did_not_write_is_no_moment(words: str) -> None:
    assert rules.read(words) is None


def test_a_moment_survives_the_form() -> None:
    moment = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert rules.read(rules.write(moment)) == moment
    assert Slot(moment, moment + LENGTH) == slot_at(moment)
