"""Decisions of the response clock: how much opening time lies between two moments, and what is due when."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kroi.dealerships.rules.hours import Calendar, calendar, open_spans
from kroi.leads.rules import Source

ENOUGH = 10  # questions of a month from which one may say what is usual
OFFICE_HOURS = {str(day): [["09:00", "17:00"]] for day in range(5)}  # of a house that has not told its own
_NEVER = 1 << 40
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


def calendar_or_usual(found: Calendar) -> Calendar:
    """The calendar, with office hours for a house that tells none: a question must not wait for ever."""
    return found if found.ever_opens else replace(found, week=calendar(found.zone, OFFICE_HOURS).week)


class Step(enum.IntEnum):
    """What is done while nobody answers, one after the other; stored on the lead as the last one done."""

    NONE = 0
    WARN = 1
    RETURN = 2
    TELL = 3


@dataclass(frozen=True)
class Targets:
    """Opening time, in minutes since the question came: answer by, back to the pool at, tell a manager at."""

    answer: int = 30
    give_back: int = 45
    tell: int = 60

    @property
    def seconds_to_answer(self) -> int:
        """The time to answer."""
        return self.answer * 60

    def seconds_to(self, step: Step) -> int:
        """When a step is due; the warning comes when two thirds of the time to answer are over."""
        return {Step.WARN: self.answer * 40, Step.RETURN: self.give_back * 60, Step.TELL: self.tell * 60}[step]


def targets(stored: Mapping[str, Any]) -> Targets:
    """What a dealership has set; what it has not is the usual."""
    names = [each.name for each in fields(Targets)]
    return Targets(**{name: int(stored[name]) for name in names if name in stored})


def is_clocked(source: Source) -> bool:
    """Does somebody wait for an answer? Not who stood before us or was on the phone."""
    return source not in (Source.WALK_IN, Source.PHONE)


def next_step(done: int) -> Step | None:
    """The step after this one."""
    return Step(done + 1) if done < Step.TELL else None


def usual(seconds: Sequence[int | None]) -> int | None:
    """In how many seconds at least half were answered; `None` stands for a question that nobody answered.

    `None` as the answer when there are too few to speak of, or when fewer than half were answered.
    """
    if len(seconds) < ENOUGH:
        return None
    ordered = sorted(each if each is not None else _NEVER for each in seconds)
    middle = ordered[(len(ordered) - 1) // 2]
    return None if middle == _NEVER else middle


class State(enum.StrEnum):
    """What a clock says of a lead."""

    RUNS = "runs"
    SHORT = "short"
    """The last third of the time to answer."""
    LATE = "late"
    ANSWERED = "answered"
    WAITS = "waits"
    """The house has been closed since the question came."""


@dataclass(frozen=True)
class Face:
    """What a clock shows: seconds that are left, late, or were needed; the share of its track (0 to 1) that is full.

    The track is one and a half times the time to answer.
    """

    state: State
    seconds: int
    share: float
    starts: datetime | None = None


def face(
    calendar: Calendar, received: datetime, now: datetime, *, due: datetime | None, target: int, answered: int | None
) -> Face | None:
    """What the clock of a lead shows now; `None` when it has none. `target` and `answered` are seconds."""
    if answered is not None:
        return Face(State.ANSWERED, answered, _share(answered, target))
    if due is None:
        return None
    if now >= due:
        late = business_seconds(calendar, due, now)
        return Face(State.LATE, late, _share(target + late, target))
    left = business_seconds(calendar, now, due)
    if left >= target and business_seconds(calendar, received, now) == 0:
        opens = add_business(calendar, now, 1) - timedelta(seconds=1)
        if opens > now:
            return Face(State.WAITS, left, 0, opens)
    return Face(State.SHORT if left * 3 <= target else State.RUNS, left, _share(target - left, target))


def elapsed(face: Face, target: int) -> int:
    """Seconds of opening time that an answer has taken so far, or took; `target` is in seconds too."""
    match face.state:
        case State.ANSWERED:
            return face.seconds
        case State.LATE:
            return target + face.seconds
        case _:
            return max(target - face.seconds, 0)


def _share(seconds: int, target: int) -> float:
    return min(max(seconds / (1.5 * target), 0), 1)


def _whole(moment: datetime) -> int:
    return int(moment.replace(microsecond=0).timestamp())
