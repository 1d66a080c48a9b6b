"""When a car can be driven: times inside opening hours, each with a pause before the next one of the same car."""

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kroi.dealerships.rules.hours import Calendar, open_spans

LENGTH = timedelta(minutes=45)
PAUSE = timedelta(minutes=15)  # between two drives of one car, to bring it back and look at it
NOTICE = timedelta(hours=2)  # that we have before somebody comes
AHEAD = timedelta(days=28)  # no time is given away further ahead
DAYS = 6  # with a free time, that are offered
MOST_HELD = 3  # times that one person may hold
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z", re.ASCII)


class VisitStatus(enum.StrEnum):
    """What has become of a visit. One that was moved is another one now."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    MOVED = "moved"
    DONE = "done"
    NO_SHOW = "no_show"


@dataclass(frozen=True, order=True)
class Slot:
    """A time for one drive, in UTC."""

    starts_at: datetime
    ends_at: datetime

    def disturbs(self, other: "Slot") -> bool:
        """Do the two overlap, or leave no pause between them?"""
        return self.starts_at < other.ends_at + PAUSE and other.starts_at < self.ends_at + PAUSE


def slot_at(moment: datetime) -> Slot:
    """The time that begins at `moment` (aware)."""
    return Slot(moment.astimezone(UTC), moment.astimezone(UTC) + LENGTH)


def list_slots(calendar: Calendar, now: datetime, taken: Iterable[Slot]) -> list[Slot]:
    """The free times of a car on the next days that have one, in order. `taken` are its visits."""
    booked, days, found = list(taken), set[date](), []
    for slot in _times(calendar, now + NOTICE, now + AHEAD):
        if any(slot.disturbs(each) for each in booked):
            continue
        days.add(slot.starts_at.astimezone(ZoneInfo(calendar.zone)).date())
        if len(days) > DAYS:
            break
        found.append(slot)
    return found


def is_offered(calendar: Calendar, now: datetime, slot: Slot) -> bool:
    """Is this one of our times, not too soon and not too far ahead? It may be taken."""
    if not now + NOTICE <= slot.starts_at <= now + AHEAD:
        return False
    return slot in _times(calendar, slot.starts_at, slot.ends_at)


def is_free(slot: Slot, taken: Sequence[Slot]) -> bool:
    """May a car be driven then, with these other visits?"""
    return not any(slot.disturbs(each) for each in taken)


def write(moment: datetime) -> str:
    """A moment as forms carry it: `2026-11-24T08:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def read(words: str) -> datetime | None:
    """The moment that `write` wrote, or `None` when it wrote none such."""
    if not _WRITTEN.fullmatch(words):
        return None
    try:
        return datetime.strptime(words, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _times(calendar: Calendar, after: datetime, until: datetime) -> Iterator[Slot]:
    """All times that begin in opening hours and end in them, from the hour that we open on."""
    begin = after - timedelta(days=2)  # times are counted from when we opened, so begin well before
    for opens, closes in open_spans(calendar, int(begin.timestamp()), int((until + LENGTH).timestamp()) + 1):
        slot = slot_at(datetime.fromtimestamp(opens, UTC))
        while int(slot.ends_at.timestamp()) <= closes:
            if after <= slot.starts_at <= until:
                yield slot
            slot = slot_at(slot.ends_at + PAUSE)
