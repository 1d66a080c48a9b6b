"""Decisions about opening hours: which spans of a day are open, exceptions first, by the clock on the wall."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 86_400
WEEKDAYS = range(7)
_TOLD_AHEAD = timedelta(days=60)
_MOST_TOLD = 8  # days that differ
_EPOCH = date(1970, 1, 1).toordinal()

Span = tuple[int, int]
"""Seconds of the wall clock since midnight: open from the first, closed from the second on (at most 86,400)."""

Intervals = Sequence[Sequence[str]]
"""What is stored for a day: [["10:00", "18:00"], …]."""


@dataclass(frozen=True)
class Calendar:
    """A week of opening spans (Monday first), the days that differ, and the zone (IANA name) whose clock counts."""

    zone: str
    week: tuple[tuple[Span, ...], ...]
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The open spans of one day, in order; none when it is closed."""
        found = self.special.get(day)
        return self.week[day.weekday()] if found is None else found

    @property
    def ever_opens(self) -> bool:
        """Is there an opening hour in an ordinary week?"""
        return any(self.week)


def calendar(
    zone: str,
    hours: Mapping[str, Sequence[Sequence[str]]],
    special: Mapping[str, Sequence[Sequence[str]]] | None = None,
) -> Calendar:
    """A calendar from what is stored: weekday ("0" is Monday) or ISO date to intervals such as ["10:00", "18:00"]."""
    week = tuple(_spans(hours.get(str(weekday), ())) for weekday in WEEKDAYS)
    days = {date.fromisoformat(day): _spans(found) for day, found in (special or {}).items()}
    return Calendar(zone, week, days)


def coming(found: Calendar, today: date) -> list[tuple[date, tuple[Span, ...]]]:
    """The next days that differ from their week, today's included, soonest first."""
    days = sorted(day for day in found.special if today <= day <= today + _TOLD_AHEAD)
    return [(day, found.special[day]) for day in days if found.special[day] != found.week[day.weekday()]][:_MOST_TOLD]


def seconds_of(wall: str) -> int:
    """Seconds since midnight of "10:00"; "24:00" is the end of the day. Raises ValueError."""
    if wall == "24:00":
        return DAY
    found = time.fromisoformat(wall)
    return found.hour * 3600 + found.minute * 60 + found.second


def in_times(spans: Sequence[Span]) -> list[tuple[time, time]]:
    """Spans as times of day; the midnight at the end of a day is 00:00."""
    return [(_time(opens), _time(closes)) for opens, closes in spans]


def open_spans(found: Calendar, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The open spans between two moments, in order. All are whole seconds since 1970 in UTC.

    It is open whenever the clock on the wall shows an opening hour: an hour skipped in spring is not there,
    an hour that comes twice in autumn is open twice.
    """
    for begins, ends, offset in _steady(found.zone, start, end):
        for day in range((begins + offset) // DAY, (ends - 1 + offset) // DAY + 1):
            midnight = day * DAY - offset
            for opens, closes in found.spans_on(date.fromordinal(_EPOCH + day)):
                span = max(midnight + opens, begins), min(midnight + closes, ends)
                if span[0] < span[1]:
                    yield span


def _time(seconds: int) -> time:
    return time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)


def _spans(intervals: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    return tuple(sorted((seconds_of(opens), seconds_of(closes)) for opens, closes in intervals))


def _steady(zone: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The stretches between two moments in which the zone keeps one distance from UTC, with it, in seconds."""
    for year in range(_utc(start).year, _utc(end).year + 1):
        changes = [*_changes(zone, year), (_new_year(year + 1), 0)]
        for (begins, offset), (ends, _next) in pairwise(changes):
            if max(begins, start) < min(ends, end):
                yield max(begins, start), min(ends, end), offset


@lru_cache(maxsize=512)
def _changes(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """The distance from UTC at the start of a year (UTC), and each change within it, with its moment."""
    moment, until = _new_year(year), _new_year(year + 1)
    found = [(moment, _offset(zone, moment))]
    while moment < until:
        later = min(moment + DAY, until)
        if _offset(zone, later) != found[-1][1]:
            changed = _first_change(zone, moment, later)
            found.append((changed, _offset(zone, changed)))
        moment = later
    return tuple(found)


def _first_change(zone: str, before: int, after: int) -> int:
    """The first second in which the zone no longer keeps the distance that it keeps at `before`."""
    kept = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(zone, middle) == kept else (before, middle)
    return after


def _new_year(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


def _offset(zone: str, moment: int) -> int:
    away = _utc(moment).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int(away.total_seconds())


def _utc(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
