"""Decisions about a dealership: its profile as pages need it, and whether it is open."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from kroi.dealerships.rules.hours import WEEKDAYS, Calendar, calendar, in_times
from kroi.dealerships.rules.places import Place, phone_href
from kroi.dealerships.rules.quotas import NO_LIMITS, Quotas
from kroi.dealerships.rules.retention import BACKUPS_KEPT, Terms

__all__ = ["WEEKDAYS", "Hours", "Opening", "Profile", "bare_host", "changes_at", "is_host", "opening", "opening_of"]

_DAYS_AHEAD = 21
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
    special: Hours = field(hash=False, default_factory=dict)
    """Days that differ, by ISO date."""
    targets: dict[str, Any] = field(hash=False, default_factory=dict)
    """How soon a question is to be answered, which the leads understand."""
    locations: tuple[Place, ...] = field(hash=False, default=())
    """Places beside the main one, which is this."""
    usual_answer: int | None = None
    """Seconds of opening time in which most questions are answered; `None` while nobody can say."""
    finance: dict[str, Any] = field(hash=False, default_factory=dict)
    """The terms on which cars are financed, which the catalogue understands."""
    retention: dict[str, Any] = field(hash=False, default_factory=dict)
    """For how long what people told us is kept, as stored."""
    quotas: Quotas = NO_LIMITS
    """How much it may have of what."""
    other_hosts: tuple[str, ...] = ()
    """More names under which it is found."""
    opening: str = ""
    """Open or not, in words for this page; set for templates only, like the next."""
    is_open: bool = False
    promise: str = ""
    """How soon it usually answers, in words for this page, while anybody can say; set for templates only."""

    @property
    def phone_href(self) -> str:
        """The phone number as a `tel:` link."""
        return phone_href(self.phone)

    @property
    def kept(self) -> Terms:
        """For how long what people told us is kept."""
        return Terms.read(self.retention)

    @property
    def backups_kept(self) -> timedelta:
        """For how long copies of the database are kept."""
        return BACKUPS_KEPT

    @property
    def calendar(self) -> Calendar:
        """When it is open, days that differ included."""
        return calendar(self.zone, self.hours, self.special)

    def place_at(self, location_id: int | None) -> Place:
        """A location, or the main one where there is no such; its phone is the dealership's where it has none."""
        for place in self.locations:
            if place.id == location_id:
                return replace(place, phone=place.phone or self.phone)
        return Place(self.name, self.street, self.postal_code, self.city, self.phone, self.hours, self.special)

    def calendar_at(self, location_id: int | None) -> Calendar:
        """The same at a location; of the main one where that has no hours of its own, or is no more."""
        for place in self.locations:
            if place.id == location_id and place.hours:
                return calendar(self.zone, place.hours, place.special)
        return self.calendar

    def intervals(self, weekday: int) -> list[tuple[time, time]]:
        """Opening intervals of an ordinary weekday (0 is Monday), in order; midnight at their end is 00:00."""
        return in_times(self.calendar.week[weekday])


def opening(profile: Profile, local_now: datetime) -> Opening:
    """Is it open at this local moment, and until or from when?"""
    return opening_of(profile.calendar, local_now)


def opening_of(found: Calendar, local_now: datetime) -> Opening:
    """The same of a calendar. Looks three weeks ahead."""
    for start, end in in_times(found.spans_on(local_now.date())):
        if start <= local_now.time() and (local_now.time() < end or end == time()):
            return Opening(True, until=end)
    for ahead in range(_DAYS_AHEAD):
        day = local_now.date() + timedelta(days=ahead)
        for start, _end in in_times(found.spans_on(day)):
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
