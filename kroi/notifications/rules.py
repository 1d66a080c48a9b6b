"""Decisions about messages: who hears of a lead, when a failed one is tried again, when we give up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

MOST_ATTEMPTS = 14  # with the waits below: a bit over a day
CLAIM = timedelta(minutes=2)  # a worker that died frees its message after this; longer than a mail can take
KEPT = timedelta(days=30)  # after it was sent
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=6)


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


def wait_after(attempts: int, luck: float) -> timedelta:
    """How long to wait after so many failures: doubling, with jitter by `luck` from 0 to 1, six hours at most."""
    doublings: int = 2 ** min(attempts - 1, 20)
    doubled = min(_FIRST_WAIT * doublings, _LONGEST_WAIT)
    return doubled * (0.75 + luck / 2)


def is_hopeless(attempts: int, *, permanent: bool) -> bool:
    """Has it failed for good?"""
    return permanent or attempts >= MOST_ATTEMPTS
