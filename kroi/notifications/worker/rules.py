"""When the worker does what: its rounds, its chores, and how long it waits when things fail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

MARK = "worker-turns"  # the file in the instance folder that is touched after each round
BETWEEN_SWEEPS = 0.5  # seconds; an idle sweep is one indexed query
_LONGEST_PAUSE = 60.0
_LONGEST_OUTAGE = 15.0


@dataclass(frozen=True)
class Chore:
    """Work that comes round. `each_dealership`: once for each, acting for it. It may be done twice without harm."""

    name: str
    every: timedelta
    work: Callable[[], object]
    each_dealership: bool = True


def is_due(last: float | None, every: timedelta, now: float) -> bool:
    """Is it time again? `last` and `now` are monotonic seconds; a chore never done is due."""
    return last is None or now - last >= every.total_seconds()


def pause_after(failures: int) -> float:
    """Seconds to leave the mail server alone after so many failures in a row."""
    return min(2.0 ** min(failures, 10), _LONGEST_PAUSE)


def outage_wait(failures: int) -> float:
    """Seconds to wait for the database after so many failures in a row."""
    return min(0.5 * 2.0 ** min(failures - 1, 10), _LONGEST_OUTAGE)
