"""Decisions of the reports: which days, compared with which, and what counts say."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SPANS = (7, 30, 90, 365)
_LONGEST = 366 * 3  # days


@dataclass(frozen=True)
class Span:
    """Days from `since` to `until`, both included. `days` is one of SPANS when that was asked for, else 0."""

    since: date
    until: date
    days: int = 0

    @property
    def length(self) -> int:
        """How many days."""
        return (self.until - self.since).days + 1

    @property
    def step(self) -> int:
        """How many days a bar of a chart stands for: one, a week, or thirty."""
        return 1 if self.length <= 45 else 7 if self.length <= 200 else 30

    def bars(self) -> list[list[date]]:
        """The days of each bar, the last one whole; the first may be shorter."""
        days = self.each_day()
        ends = range(len(days), 0, -self.step)
        return [days[max(end - self.step, 0) : end] for end in reversed(ends)]

    def before(self) -> "Span":
        """As many days, right before these."""
        return Span(self.since - timedelta(days=self.length), self.since - timedelta(days=1))

    def each_day(self) -> list[date]:
        """Every day, the first one first."""
        return [self.since + timedelta(days=each) for each in range(self.length)]

    def address(self) -> dict[str, object]:
        """How an address says it."""
        return {"days": self.days} if self.days else {"from": self.since.isoformat(), "to": self.until.isoformat()}


def span(asked: Mapping[str, str], today: date) -> Span:
    """The days that an address asks for; what does not parse is the last thirty days."""
    since, until = _day(asked.get("from")), _day(asked.get("to"))
    if since and until and since <= until <= today and (until - since).days < _LONGEST:
        return Span(since, until)
    days = next((each for each in SPANS if asked.get("days") == str(each)), 30)
    return Span(today - timedelta(days=days - 1), today, days)


def _day(raw: str | None) -> date | None:
    try:
        found = date.fromisoformat(raw or "")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


COUNTS = ("leads", "clocked", "answered", "in_time", "visited", "won", "lost")
"""What of an outcome adds up, besides the minutes: a day's row has a column for each."""


@dataclass(frozen=True)
class Outcome:
    """What became of some leads. `minutes` are those to the first answer, to how many leads took as long."""

    leads: int = 0
    clocked: int = 0
    answered: int = 0
    in_time: int = 0
    visited: int = 0
    won: int = 0
    lost: int = 0
    minutes: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: "Outcome") -> "Outcome":
        return sum_up((self, other))

    @property
    def median(self) -> int | None:
        """The minutes that half of the answers stayed within, or `None` without any."""
        return percentile(self.minutes, 50)

    @property
    def ninth(self) -> int | None:
        """The minutes that nine of ten answers stayed within."""
        return percentile(self.minutes, 90)

    @property
    def share_in_time(self) -> int | None:
        """Per cent of the questions that were answered in time."""
        return percent(self.in_time, self.clocked)


def sum_up(outcomes: Iterable[Outcome]) -> Outcome:
    """All of them together: in one pass, since adding two by two copies the minutes each time."""
    found, minutes = list(outcomes), Counter[int]()
    for each in found:
        minutes.update(each.minutes)
    counts = {name: sum(getattr(each, name) for each in found) for name in COUNTS}
    return Outcome(**counts, minutes=dict(minutes))


def percentile(counts: Mapping[int, int], per_cent: int) -> int | None:
    """The smallest value that this share of all stays within (nearest rank), or `None` when there is nothing."""
    wanted = -(-sum(counts.values()) * per_cent // 100)
    for value in sorted(counts):
        wanted -= counts[value]
        if wanted <= 0 and counts[value]:
            return value
    return None


def percent(part: int, whole: int) -> int | None:
    """A share in whole per cent, halves away from zero; `None` of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


STEPS = (15, 30, 60, 120, 240, 480, 960)  # minutes; a bar of the distribution ends before each


def distribution(counts: Mapping[int, int]) -> list[tuple[int, int | None, int]]:
    """Answers by how long they took: from (minutes), below (`None`: no end), how many."""
    edges: list[int | None] = [0, *STEPS, None]
    bars = []
    for low, high in zip(edges, edges[1:], strict=False):
        assert low is not None
        inside = sum(many for value, many in counts.items() if low <= value and (high is None or value < high))
        bars.append((low, high, inside))
    return bars


class Doubt(enum.StrEnum):
    """Why a car may not sell; the first that fits is said."""

    NO_PHOTOS = "no_photos"
    NO_PRICE = "no_price"
    UNSEEN = "unseen"
    UNASKED = "unasked"
    UNANSWERED = "unanswered"
    UNVISITED = "unvisited"
    OLD_PRICE = "old_price"


FEW_PHOTOS = 3
_LONG = 30  # days on sale after which a doubt is raised
_MANY_VIEWS = 30


def doubt(
    *, photos: int, price_cents: int, days: int, views: int, usual_views: int, asked: Outcome, days_at_price: int
) -> Doubt | None:
    """What stands in a car's way. `views` and `usual_views` (the stock's median) are of thirty days."""
    if photos < FEW_PHOTOS:
        return Doubt.NO_PHOTOS
    if not price_cents:
        return Doubt.NO_PRICE
    if days < _LONG:
        return None
    if 2 * views < usual_views:
        return Doubt.UNSEEN
    if not asked.leads:
        return Doubt.UNASKED if views >= _MANY_VIEWS else Doubt.OLD_PRICE if days_at_price > 2 * _LONG else None
    if asked.clocked and not asked.answered:
        return Doubt.UNANSWERED
    return None if asked.visited or asked.won else Doubt.UNVISITED


COST_PER_YEAR = 15
"""Per cent of what a car cost that a year on the yard costs: capital, loss of value, room. A rule of thumb."""


def cost_of_standing(cost_cents: int | None, days: int) -> int | None:
    """Cents that so many days on the yard have cost, or `None` when nobody wrote down what the car cost."""
    return None if cost_cents is None else (cost_cents * COST_PER_YEAR * days + 18_250) // 36_500


AGES = (15, 30, 60, 90, 180)  # days; a bar of the stock's age ends before each


def ages(days: Iterable[int]) -> list[tuple[int, int | None, int]]:
    """Cars by how long they have been on sale: from (days), below (`None`: no end), how many."""
    found = list(days)
    edges: list[int | None] = [0, *AGES, None]
    return [
        (low or 0, high, sum((low or 0) <= each and (high is None or each < high) for each in found))
        for low, high in zip(edges, edges[1:], strict=False)
    ]


def turns_per_year(sold: int, on_sale: int, days: int) -> int | None:
    """How often the stock would be sold in a year at this pace, in hundredths; `None` without stock or days."""
    return 100 * sold * 365 // (on_sale * days) if on_sale and days else None
