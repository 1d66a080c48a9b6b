"""Decisions of the response clock: how much opening time lies between two moments, and what is due when."""

from datetime import UTC, datetime, timedelta

from kroi.dealerships.hours.rules import Calendar, open_spans

HORIZON = timedelta(days=3660)  # a calendar that does not open within it never does


class NeverOpens(ValueError):
    """The calendar has too little opening time within ten years."""


def business_seconds(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Open seconds from `start` to `end` (both aware, cut to whole seconds); negative when `end` comes first."""
    begins, ends = _whole(start), _whole(end)
    if ends < begins:
        return -business_seconds(calendar, end, start)
    return sum(closes - opens for opens, closes in open_spans(calendar, begins, ends))


def add_business(calendar: Calendar, start: datetime, seconds: int) -> datetime:
    """The first moment (UTC) by which `seconds` of opening time have passed since `start`, which is aware.

    Raises NeverOpens, and ValueError for negative seconds.
    """
    if seconds < 0:
        raise ValueError("opening time is added, never taken away")
    begins, left = _whole(start), seconds
    if not left:
        return datetime.fromtimestamp(begins, UTC)
    for opens, closes in open_spans(calendar, begins, begins + int(HORIZON.total_seconds())):
        if closes - opens >= left:
            return datetime.fromtimestamp(opens + left, UTC)
        left -= closes - opens
    raise NeverOpens("there is too little opening time within ten years")


def _whole(moment: datetime) -> int:
    return int(moment.replace(microsecond=0).timestamp())
