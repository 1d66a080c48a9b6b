"""Who is at work: somebody's calendar of hours, and the times they are away."""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from kroi.dealerships.rules.hours import Calendar, Intervals, calendar, open_spans, seconds_of

MOST_SHIFTS = 4  # in one day
_SHIFT = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[.:](\d{2}))?", re.ASCII)
_BETWEEN = re.compile(r"[\s,;]*")


class Presence(enum.StrEnum):
    """Is somebody at work at a moment?"""

    ON = "on"
    OFF = "off"
    """These are not their hours."""
    AWAY = "away"
    """They would work now, but are away."""


@dataclass(frozen=True)
class Absence:
    """Away from a moment until before another, both aware."""

    start: datetime
    end: datetime

    def covers(self, moment: datetime) -> bool:
        """Is somebody away at this moment?"""
        return self.start <= moment < self.end


class NotHours(ValueError):
    """What was typed is not a day's hours."""


def parse_day(typed: str) -> list[list[str]]:
    """Hours as people type them (`9-17`, `9.00–13.00, 14:00–18:00`, nothing), as they are stored; raises NotHours."""
    typed = typed.strip()
    found: list[list[str]] = []
    end = 0
    for match in _SHIFT.finditer(typed):
        if not _BETWEEN.fullmatch(typed, end, match.start()) or len(found) == MOST_SHIFTS:
            raise NotHours(typed)
        found.append([_wall(match[1], match[2]), _wall(match[3], match[4])])
        end = match.end()
    moments = [moment for shift in found for moment in shift]
    if end != len(typed) or any(earlier >= later for earlier, later in pairwise(moments)):
        raise NotHours(typed)
    return found


def in_words(day: Intervals) -> str:
    """A stored day as we write it, `9:00–13:00, 14:00–18:00`, which `parse_day` understands."""
    return ", ".join("–".join(moment.removeprefix("0") for moment in shift) for shift in day)


def own_calendar(house: Calendar, hours: dict[str, list[list[str]]]) -> Calendar:
    """Somebody's own week. Days on which the house is closed for once are nobody's."""
    closed = {day: spans for day, spans in house.special.items() if not spans}
    return replace(calendar(house.zone, hours), special=closed)


def presence(hours: Calendar, absences: Iterable[Absence], now: datetime) -> Presence:
    """Is somebody at work at this moment?"""
    moment = int(now.timestamp())
    if not any(open_spans(hours, moment, moment + 1)):
        return Presence.OFF
    return Presence.AWAY if any(each.covers(now) for each in absences) else Presence.ON


def next_start(hours: Calendar, absences: Sequence[Absence], now: datetime, within: timedelta) -> datetime | None:
    """When somebody is at work next: now, or the first moment within so long; `None` if not by then."""
    begins = int(now.timestamp())
    for opens, closes in open_spans(hours, begins, begins + int(within.total_seconds())):
        moment = _back(absences, max(datetime.fromtimestamp(opens, UTC), now))
        if moment < datetime.fromtimestamp(closes, UTC):
            return moment
    return None


def _back(absences: Iterable[Absence], moment: datetime) -> datetime:
    """The first moment from this one on at which somebody is not away."""
    for away in sorted(absences, key=lambda each: each.start):
        if away.covers(moment):
            moment = away.end
    return moment


def _wall(hour: str, minute: str | None) -> str:
    wall = f"{int(hour):02}:{minute or '00'}"
    try:
        seconds_of(wall)
    except ValueError:
        raise NotHours(wall) from None
    return wall
