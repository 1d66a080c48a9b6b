"""Decisions about messages: who hears of a lead, when a failed one is tried again, when we give up."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_ATTEMPTS = 14  # with the waits below: a bit over a day
CLAIM = timedelta(minutes=2)  # a worker that died frees its message after this; longer than a mail can take
KEPT = timedelta(days=30)  # after it was sent
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=6)
_REMINDS = time(10)  # on the dealership's clock
REMINDER = "reminder"


class NoticeKind(enum.StrEnum):
    """What a member of staff may be told of."""

    NEW_LEAD = "new_lead"
    ASSIGNED = "assigned"
    ANSWER = "answer"
    """The shopper wrote back."""
    LATE = "late"
    """The time to answer runs out, or has."""
    RETURNED = "returned"
    """A lead was taken back because nothing happened."""
    MAIL_FAILED = "mail_failed"
    """What somebody wrote did not arrive."""


class HookEvent(enum.StrEnum):
    """What another program may be told of."""

    LEAD_RECEIVED = "lead.received"
    LEAD_ASSIGNED = "lead.assigned"
    LEAD_MOVED = "lead.moved"
    LEAD_WROTE_BACK = "lead.wrote_back"
    LEAD_LATE = "lead.late"
    LEAD_RETURNED = "lead.returned"


class Way(enum.StrEnum):
    """How somebody hears of a kind of thing."""

    BOTH = "both"
    EMAIL = "email"
    PORTAL = "portal"
    NONE = "none"


@dataclass(frozen=True)
class Colleague:
    """An active member of staff; `manages` is true for managers and owners."""

    id: int
    manages: bool


def who_hears(staff: Sequence[Colleague], assignee_id: int | None) -> list[int]:
    """Users (ids) who hear of a new lead: everybody while it is free, else whose it is and who manages."""
    if assignee_id is None:
        return [each.id for each in staff]
    return [each.id for each in staff if each.manages or each.id == assignee_id]


def who_answers(staff: Sequence[Colleague], assignee_id: int | None) -> list[int]:
    """Users (ids) who hear that a shopper wrote back: whose lead it is, and everybody while it is nobody's."""
    return [each.id for each in staff if each.id == assignee_id] or [each.id for each in staff]


def who_manages(staff: Sequence[Colleague]) -> list[int]:
    """Users (ids) who manage."""
    return [each.id for each in staff if each.manages]


def by_mail(way: Way) -> bool:
    """Does this way mean a mail?"""
    return way in (Way.BOTH, Way.EMAIL)


def in_portal(way: Way) -> bool:
    """Does this way mean a notice in the portal?"""
    return way in (Way.BOTH, Way.PORTAL)


def quiet_until(local_now: datetime, start: str | None, end: str | None) -> datetime | None:
    """When the quiet that it is in now ends, on the same clock; `None` outside it. The times are "22:00"."""
    if not start or not end or start == end:
        return None
    begins, ends, now = time.fromisoformat(start), time.fromisoformat(end), local_now.time()
    overnight = ends < begins
    if not ((now >= begins or now < ends) if overnight else begins <= now < ends):
        return None
    day = local_now.date() + timedelta(days=1 if overnight and now >= begins else 0)
    return datetime.combine(day, ends, tzinfo=local_now.tzinfo)


def remind_at(starts_at: datetime, zone: str, now: datetime) -> datetime | None:
    """When somebody is reminded of a visit: the morning before; `None` when that is over. `zone` is an IANA name."""
    day = starts_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    moment = datetime.combine(day, _REMINDS, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return moment if moment > now else None


def wait_after(attempts: int, luck: float) -> timedelta:
    """How long to wait after so many failures: doubling, with jitter by `luck` from 0 to 1, six hours at most."""
    doublings: int = 2 ** min(attempts - 1, 20)
    doubled = min(_FIRST_WAIT * doublings, _LONGEST_WAIT)
    return doubled * (0.75 + luck / 2)


def is_hopeless(attempts: int, *, permanent: bool) -> bool:
    """Has it failed for good?"""
    return permanent or attempts >= MOST_ATTEMPTS
