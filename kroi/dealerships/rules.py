"""Decisions about a dealership: its profile as pages need it, and whether it is open."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

WEEKDAYS = range(7)
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")

Hours = dict[str, list[list[str]]]


@dataclass(frozen=True)
class Opening:
    """Open now? `until` is the local time it closes; otherwise `next_open` is the local moment it opens again."""

    is_open: bool
    until: time | None = None
    next_open: datetime | None = None


@dataclass(frozen=True)
class Profile:
    """A dealership as pages and mails need it. `languages` includes its own, `zone` is an IANA name."""

    id: int
    name: str
    host: str
    language: str
    languages: tuple[str, ...]
    currency: str
    zone: str
    phone: str
    email: str
    street: str
    postal_code: str
    city: str
    country: str
    privacy_version: str
    hours: Hours = field(hash=False, default_factory=dict)
    finance: dict[str, Any] = field(hash=False, default_factory=dict)
    """The terms on which cars are financed, which the catalogue understands."""
    opening: str = ""
    """Open or not, in words for this page; set for templates only, like the next."""
    is_open: bool = False

    @property
    def phone_href(self) -> str:
        """The phone number as a `tel:` link."""
        return "tel:" + re.sub(r"[^0-9+]", "", self.phone)

    def intervals(self, weekday: int) -> list[tuple[time, time]]:
        """Opening intervals of a weekday (0 is Monday), in order."""
        found = self.hours.get(str(weekday), [])
        return sorted((time.fromisoformat(start), time.fromisoformat(end)) for start, end in found)


def opening(profile: Profile, local_now: datetime) -> Opening:
    """Is it open at this local moment, and until or from when?"""
    for start, end in profile.intervals(local_now.weekday()):
        if start <= local_now.time() < end:
            return Opening(True, until=end)
    for ahead in range(8):
        day = local_now.date() + timedelta(days=ahead)
        for start, _end in profile.intervals(day.weekday()):
            moment = datetime.combine(day, start, tzinfo=local_now.tzinfo)
            if moment > local_now:
                return Opening(False, next_open=moment)
    return Opening(False)


def changes_at(profile: Profile, local_now: datetime) -> datetime:
    """When what pages say changes by itself: it opens or closes, or a new day begins."""
    tomorrow = datetime.combine(local_now.date() + timedelta(days=1), time(), tzinfo=local_now.tzinfo)
    found = opening(profile, local_now)
    closes = datetime.combine(local_now.date(), found.until, tzinfo=local_now.tzinfo) if found.until else None
    return min(moment for moment in (tomorrow, closes, found.next_open) if moment is not None)


def is_host(name: str) -> bool:
    """Can this be a host name (lower case, no port)?"""
    return len(name) <= 253 and bool(_HOST.fullmatch(name))


def bare_host(host: str) -> str:
    """The host without its port, lower case, without the final dot."""
    host = host.lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].rstrip(".")
