"""For how long what people told us is kept: by purpose, what is usual, its bounds, and when such a time is over."""

import calendar
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BOUNDS = {
    "unsold": (1, 60),
    "won": (1, 120),
    "marketing": (1, 60),
    "spam_days": (1, 90),
    "files": (1, 60),
    "quotations": (1, 60),
}
"""The least and the most that an owner can set, by the terms' names."""

BACKUPS_KEPT = timedelta(days=30)
"""As `flask ops backup` does it unless it is told otherwise; the public page says so."""


@dataclass(frozen=True)
class Terms:
    """Whole months (spam: days) since the last contact with somebody, the shortest first to end."""

    unsold: int = 12
    """Inquiries that led to no sale, open ones that nobody goes on with included."""
    won: int = 24
    """Inquiries that led to a sale: for questions and claims about the car."""
    marketing: int = 24
    """Inquiries of people who wanted offers, if that is longer."""
    spam_days: int = 30
    files: int = 6
    """Papers and photos of inquiries that are over."""
    quotations: int = 6
    """What a mail quoted from the mails before it, since it came."""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Terms":
        """What a dealership has set; what it did not, or cannot set, is the usual."""
        names = [each.name for each in fields(cls)]
        return cls(**{name: stored[name] for name in names if _is_possible(name, stored.get(name))})

    def data(self) -> dict[str, int]:
        """As it is stored."""
        return asdict(self)


def _is_possible(name: str, value: object) -> bool:
    least, most = BOUNDS[name]
    return isinstance(value, int) and least <= value <= most


def ends_on(day: date, months: int) -> date:
    """The day on which so many months after `day` are over: of the same number, or the last where there is no such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_over(today: date, months: int) -> date:
    """The latest day whose months are over today."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    last, is_last = calendar.monthrange(year, month + 1)[1], (today + timedelta(days=1)).day == 1
    return date(year, month + 1, last if is_last else min(today.day, last))


def before(today: date, zone: str, *, months: int = 0, days: int = 0) -> datetime:
    """What was last before this moment is over today: whole days of the dealership's calendar."""
    day = last_over(today, months) if months else today - timedelta(days=days)
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def next_version(current: str, today: date) -> str:
    """The version of the privacy text that says other periods: the day, numbered when it is not its first."""
    if not current.startswith(today.isoformat()):
        return today.isoformat()
    number = current.partition(".")[2]
    return f"{today.isoformat()}.{int(number) + 1 if number.isdigit() else 2}"
