"""Opening time between two moments, exact to the second: several intervals, holidays, midnight, both clock changes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kroi.dealerships.rules.hours import Calendar, calendar
from kroi.leads.clock.rules import NeverOpens, add_business, business_seconds

WEEKDAYS = {str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)}
SHOP = WEEKDAYS | {"5": [["10:00", "16:00"]]}
HOLIDAYS: dict[str, list[list[str]]] = {
    "2026-12-06": [],  # a Sunday: closed anyway
    "2026-12-24": [["10:00", "13:00"]],
    "2026-12-25": [],
    "2026-12-27": [["12:00", "15:00"]],  # a Sunday that is open for once
    "2026-12-31": [["09:00", "12:00"], ["22:00", "24:00"]],
    "2027-01-01": [["00:00", "01:30"]],
}
ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(7)}
NIGHT = {str(day): [["00:00", "05:00"], ["22:00", "24:00"]] for day in range(7)}
ODD = {"6": [["03:30", "05:00"]], "5": [["23:30", "24:00"]]}
H, M = 3600, 60

CALENDARS = {
    "shop": calendar("Europe/Helsinki", SHOP, HOLIDAYS),
    "always": calendar("Europe/Helsinki", ALWAYS),
    "night": calendar("Europe/Helsinki", NIGHT),
    "odd": calendar("Europe/Helsinki", ODD),
    "new york": calendar("America/New_York", ALWAYS),
    "lord howe": calendar("Australia/Lord_Howe", ALWAYS),
    "kathmandu": calendar("Asia/Kathmandu", WEEKDAYS),
    "havana": calendar("America/Havana", ALWAYS),  # its clock changes at midnight
    "closed": calendar("Europe/Helsinki", {}),
}

# Local time of the calendar's zone; 2026-11-23 is a Monday. Clocks change on 29 March and 25 October.
CASES = [
    # inside one interval, and at its edges
    ("shop", "2026-11-23 09:00:00", "2026-11-23 09:00:00", 0),
    ("shop", "2026-11-23 09:00:00", "2026-11-23 09:00:01", 1),
    ("shop", "2026-11-23 08:59:59", "2026-11-23 09:00:00", 0),
    ("shop", "2026-11-23 08:59:59", "2026-11-23 09:00:01", 1),
    ("shop", "2026-11-23 10:00:00", "2026-11-23 10:23:00", 23 * M),
    ("shop", "2026-11-23 10:00:07", "2026-11-23 10:23:05", 23 * M - 2),
    ("shop", "2026-11-23 11:59:59", "2026-11-23 12:00:00", 1),
    ("shop", "2026-11-23 11:59:59", "2026-11-23 12:30:00", 1),
    ("shop", "2026-11-23 12:00:00", "2026-11-23 13:00:00", 0),
    ("shop", "2026-11-23 12:15:00", "2026-11-23 12:45:00", 0),
    # over the lunch break, a night, a weekend
    ("shop", "2026-11-23 11:50:00", "2026-11-23 13:10:00", 20 * M),
    ("shop", "2026-11-23 12:30:00", "2026-11-23 13:00:01", 1),
    ("shop", "2026-11-23 08:00:00", "2026-11-23 20:00:00", 8 * H),
    ("shop", "2026-11-23 17:59:30", "2026-11-24 09:00:30", 60),
    ("shop", "2026-11-23 18:00:00", "2026-11-24 09:00:00", 0),
    ("shop", "2026-11-23 23:59:59", "2026-11-24 00:00:01", 0),
    ("shop", "2026-11-23 00:00:00", "2026-11-24 00:00:00", 8 * H),
    ("shop", "2026-11-27 17:50:00", "2026-11-28 10:05:00", 15 * M),
    ("shop", "2026-11-28 15:59:00", "2026-11-30 09:01:00", 2 * M),
    ("shop", "2026-11-28 16:00:00", "2026-11-30 09:00:00", 0),
    ("shop", "2026-11-29 12:00:00", "2026-11-29 13:00:00", 0),
    ("shop", "2026-11-23 00:00:00", "2026-11-30 00:00:00", 46 * H),
    ("shop", "2026-11-02 00:00:00", "2026-11-30 00:00:00", 4 * 46 * H),
    # days that differ
    ("shop", "2026-12-23 17:55:00", "2026-12-24 10:05:00", 10 * M),
    ("shop", "2026-12-24 00:00:00", "2026-12-25 00:00:00", 3 * H),
    ("shop", "2026-12-24 12:59:59", "2026-12-26 10:00:01", 2),
    ("shop", "2026-12-25 00:00:00", "2026-12-26 00:00:00", 0),
    ("shop", "2026-12-25 09:00:00", "2026-12-25 18:00:00", 0),
    ("shop", "2026-12-26 15:30:00", "2026-12-27 12:30:00", 60 * M),
    ("shop", "2026-12-27 00:00:00", "2026-12-28 00:00:00", 3 * H),
    ("shop", "2026-12-06 09:00:00", "2026-12-06 18:00:00", 0),
    ("shop", "2026-12-21 00:00:00", "2026-12-28 00:00:00", 3 * 8 * H + 3 * H + 6 * H + 3 * H),
    # up to midnight, over it, and over New Year
    ("shop", "2026-12-31 23:59:59", "2027-01-01 00:00:00", 1),
    ("shop", "2026-12-31 23:00:00", "2027-01-01 01:00:00", 2 * H),
    ("shop", "2026-12-31 12:00:00", "2027-01-01 12:00:00", 2 * H + 90 * M),
    ("shop", "2027-01-01 01:30:00", "2027-01-02 10:00:00", 0),
    ("night", "2026-11-23 21:00:00", "2026-11-24 06:00:00", 7 * H),
    ("night", "2026-11-23 23:59:59", "2026-11-24 00:00:01", 2),
    ("night", "2026-11-23 05:00:00", "2026-11-23 22:00:00", 0),
    ("always", "2026-11-23 12:34:56", "2026-11-24 12:34:56", 24 * H),
    ("always", "2025-12-31 23:59:59", "2026-01-01 00:00:01", 2),
    # spring: 03:00 becomes 04:00
    ("always", "2026-03-29 00:00:00", "2026-03-30 00:00:00", 23 * H),
    ("always", "2026-03-29 02:59:59", "2026-03-29 04:00:00", 1),
    ("always", "2026-03-29 02:30:00", "2026-03-29 04:30:00", 60 * M),
    ("night", "2026-03-28 22:00:00", "2026-03-29 06:00:00", 6 * H),
    ("night", "2026-03-29 00:00:00", "2026-03-29 05:00:00", 4 * H),
    ("odd", "2026-03-29 00:00:00", "2026-03-30 00:00:00", 60 * M),
    ("odd", "2026-03-28 23:00:00", "2026-03-29 04:00:01", 30 * M + 1),
    ("shop", "2026-03-28 15:00:00", "2026-03-30 10:00:00", 2 * H),
    ("shop", "2026-03-23 00:00:00", "2026-04-06 00:00:00", 2 * 46 * H),
    # autumn: 04:00 becomes 03:00
    ("always", "2026-10-25 00:00:00", "2026-10-26 00:00:00", 25 * H),
    ("always", "2026-10-25 02:59:59", "2026-10-25 04:00:00", 2 * H + 1),
    ("night", "2026-10-24 22:00:00", "2026-10-25 06:00:00", 8 * H),
    ("night", "2026-10-25 00:00:00", "2026-10-25 05:00:00", 6 * H),
    ("odd", "2026-10-25 00:00:00", "2026-10-26 00:00:00", 2 * H),
    ("shop", "2026-10-24 15:59:00", "2026-10-26 09:01:00", 2 * M),
    ("shop", "2026-10-19 00:00:00", "2026-11-02 00:00:00", 2 * 46 * H),
    # other zones: their own days, halves and quarters of an hour, and a change at midnight
    ("new york", "2026-03-08 00:00:00", "2026-03-09 00:00:00", 23 * H),
    ("new york", "2026-11-01 00:00:00", "2026-11-02 00:00:00", 25 * H),
    ("lord howe", "2026-10-04 00:00:00", "2026-10-05 00:00:00", 23 * H + 30 * M),
    ("lord howe", "2026-04-05 00:00:00", "2026-04-06 00:00:00", 24 * H + 30 * M),
    ("havana", "2026-03-08 01:00:00", "2026-03-09 00:00:00", 23 * H),
    ("havana", "2026-03-07 23:59:59", "2026-03-08 01:00:00", 1),
    ("kathmandu", "2026-11-23 08:59:58", "2026-11-23 09:00:02", 2),
    ("kathmandu", "2026-11-23 00:00:00", "2026-11-24 00:00:00", 8 * H),
    # a year, and a house that never opens
    ("always", "2026-01-01 00:00:00", "2027-01-01 00:00:00", 365 * 24 * H),
    ("always", "2028-01-01 00:00:00", "2029-01-01 00:00:00", 366 * 24 * H),
    ("closed", "2026-01-01 00:00:00", "2027-01-01 00:00:00", 0),
]


def moment(calendar: Calendar, words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(calendar.zone))


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 60
    assert len(set(CASES)) == len(CASES)


@pytest.mark.parametrize(("name", "start", "end", "seconds"), CASES)
def test_opening_time_is_counted_to_the_second(name: str, start: str, end: str, seconds: int) -> None:
    found = CALENDARS[name]
    assert business_seconds(found, moment(found, start), moment(found, end)) == seconds
    assert business_seconds(found, moment(found, end), moment(found, start)) == -seconds


@pytest.mark.parametrize(
    ("name", "start", "seconds", "due"),
    [
        ("shop", "2026-11-23 10:00:00", 0, "2026-11-23 10:00:00"),
        ("shop", "2026-11-23 10:00:00", 15 * M, "2026-11-23 10:15:00"),
        ("shop", "2026-11-23 11:50:00", 10 * M, "2026-11-23 12:00:00"),
        ("shop", "2026-11-23 11:50:00", 10 * M + 1, "2026-11-23 13:00:01"),
        ("shop", "2026-11-27 17:55:00", 15 * M, "2026-11-28 10:10:00"),
        ("shop", "2026-11-28 17:00:00", 15 * M, "2026-11-30 09:15:00"),
        ("shop", "2026-12-24 12:50:00", 15 * M, "2026-12-26 10:05:00"),
        ("shop", "2026-12-26 15:50:00", 15 * M, "2026-12-27 12:05:00"),
        ("shop", "2026-12-31 23:50:00", 15 * M, "2027-01-01 00:05:00"),
        ("night", "2026-03-29 02:50:00", 15 * M, "2026-03-29 04:05:00"),
        ("odd", "2026-03-28 23:50:00", 15 * M, "2026-03-29 04:05:00"),
        ("shop", "2026-11-23 09:00:00", 46 * H, "2026-11-28 16:00:00"),
    ],
)
def test_what_is_due_is_due_to_the_second(name: str, start: str, seconds: int, due: str) -> None:
    found = CALENDARS[name]
    assert add_business(found, moment(found, start), seconds) == moment(found, due)


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    night = CALENDARS["night"]
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert first.astimezone(ZoneInfo(night.zone)).time() == second.astimezone(ZoneInfo(night.zone)).time()
    assert business_seconds(night, first, second) == H
    assert add_business(night, first, H) == second


def test_parts_of_a_second_do_not_count() -> None:
    shop = CALENDARS["shop"]
    start = moment(shop, "2026-11-23 10:00:00").replace(microsecond=999_999)
    assert business_seconds(shop, start, moment(shop, "2026-11-23 10:00:01")) == 1


def test_a_house_that_never_opens_has_nothing_due() -> None:
    closed = CALENDARS["closed"]
    with pytest.raises(NeverOpens):
        add_business(closed, moment(closed, "2026-11-23 10:00:00"), 1)


def test_opening_time_is_never_taken_away() -> None:
    with pytest.raises(ValueError, match="never taken away"):
        add_business(CALENDARS["shop"], datetime(2026, 11, 23, tzinfo=UTC), -1)
