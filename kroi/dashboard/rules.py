"""What the Today page makes of numbers: days filled up, shares, which car needs a decision and why."""

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 30
CALLS = 6
LONG_IN_STOCK = 60  # days after which a price or a photo should change


class Fault(enum.StrEnum):
    """Why a car needs a decision, the gravest first."""

    NO_PHOTO = "no_photo"
    NO_PRICE = "no_price"
    OLD = "old"


@dataclass(frozen=True)
class Slice:
    """One row of a breakdown: how many, how many of them were won, and the share of the largest row (0 to 1)."""

    key: str
    count: int
    won: int
    share: float
    won_share: float


def fault(photos: int, price_cents: int, days: int) -> Fault | None:
    """The gravest reason to look at a car on sale, if there is one."""
    if photos == 0:
        return Fault.NO_PHOTO
    if price_cents == 0:
        return Fault.NO_PRICE
    return Fault.OLD if days > LONG_IN_STOCK else None


def last_days(today: date, count: int = DAYS) -> list[date]:
    """The last `count` days, today included, oldest first."""
    return [today - timedelta(days=ahead) for ahead in range(count - 1, -1, -1)]


def per_day(moments: Iterable[date], today: date) -> list[tuple[date, int]]:
    """How many fell on each of the last days; zeros where none did."""
    counts = Counter(moments)
    return [(day, counts[day]) for day in last_days(today)]


def slices(found: Iterable[tuple[str, bool]]) -> list[Slice]:
    """A breakdown of (key, won) pairs, largest first."""
    rows = list(found)
    counts, won = Counter(key for key, _ in rows), Counter(key for key, is_won in rows if is_won)
    most = max(counts.values(), default=1)
    return [Slice(key, n, won[key], n / most, won[key] / most) for key, n in counts.most_common()]
