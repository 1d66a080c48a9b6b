"""When a mail leaves that is not to leave at once: moments on the dealership's wall, and what its clock skips."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kroi.dealerships.rules.hours import Calendar, open_spans

CANCELLED = "cancelled"  # what a mail and the outbox say of one that was called back
UNWANTED = "not wanted any more"  # what they say of one that nobody is to get any more
MOST_AHEAD = timedelta(days=365)
_MORNING = time(8)
_LOOKS_AHEAD = timedelta(days=21)


def on_wall(local: datetime, zone: str) -> datetime | None:
    """The moment (UTC) at which the clock in `zone` shows this naive time; `None` where the clock skips it.

    A time that comes twice, in autumn, is the first of the two.
    """
    moment = local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    return moment if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local else None


def may_leave(moment: datetime, now: datetime) -> bool:
    """Is it still to come, and not absurdly far away?"""
    return now < moment <= now + MOST_AHEAD


def tomorrow(zone: str, now: datetime) -> datetime:
    """Eight tomorrow morning; where the clock skips that, the moment after."""
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(day, _MORNING, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def next_opening(calendar: Calendar, now: datetime) -> datetime | None:
    """When we open next, the opening that is on now left out; `None` when that is weeks away."""
    for opens in _openings(calendar, int(now.timestamp()) - 86_400, int((now + _LOOKS_AHEAD).timestamp())):
        if opens > now:
            return opens
    return None


def _openings(calendar: Calendar, start: int, end: int) -> Iterator[datetime]:
    closed_at = 0
    for opens, closes in open_spans(calendar, start, end):
        if opens != closed_at:  # at midnight, and when clocks change, we may just stay open
            yield datetime.fromtimestamp(opens, UTC)
        closed_at = closes
