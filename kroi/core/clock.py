"""The one source of time: UTC in storage, the dealership's zone on screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_told: ContextVar[datetime | None] = ContextVar("kroi_moment", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """What is done inside happened at `moment` (aware): for histories that are written down later."""
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def today(zone: str) -> date:
    """The calendar day in `zone` (an IANA name) right now."""
    return now().astimezone(ZoneInfo(zone)).date()


def local(moment: datetime, zone: str) -> datetime:
    """`moment` (aware) as the clock on the wall in `zone` shows it."""
    return moment.astimezone(ZoneInfo(zone))


def start_of_day(day: date, zone: str) -> datetime:
    """The first moment of `day` in `zone`, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
