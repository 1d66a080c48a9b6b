"""What counts as healthy, and how often one address may ask."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_ASKED = 60  # times a minute and address
_MINUTE = 60.0
_MOST_ADDRESSES = 10_000
LITTLE_DISK, _NO_DISK = 1_000_000_000, 100_000_000  # bytes
OLD_BACKUP = timedelta(hours=26)
SLOW_QUEUE = timedelta(minutes=10)
SLOW_DATABASE_MS = 500
SLOW_RESTORE = timedelta(hours=1)
SILENT_WORKER = timedelta(minutes=45)  # three times as long as between two of the looks that it is seen by


PoolFacts = tuple[str, int, int, int, int, int]
"""Name, least, most, open, lent out, waited for."""


class State(enum.StrEnum):
    """How a part is; the whole is as bad as its worst part."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


@dataclass(frozen=True)
class Part:
    """One part's state, and its numbers: no words that could hold a secret or a name."""

    state: State
    facts: dict[str, int | str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Room:
    """The disk that holds photos, mails and, with SQLite, the database: bytes."""

    total: int
    free: int


def worst(states: Iterable[State]) -> State:
    """The state of the whole."""
    return max(states, key=list(State).index, default=State.HEALTHY)


def database(milliseconds: int | None) -> Part:
    """`None`: it did not answer."""
    if milliseconds is None:
        return Part(State.UNHEALTHY)
    slow = milliseconds > SLOW_DATABASE_MS
    return Part(State.DEGRADED if slow else State.HEALTHY, {"milliseconds": milliseconds})


def cache(answers: bool | None) -> Part:
    """`None`: there is none, which is in order; a dead one costs time and nothing else."""
    if answers is None:
        return Part(State.HEALTHY, {"kind": "none"})
    return Part(State.HEALTHY if answers else State.DEGRADED, {"kind": "redis"})


def disk(free_bytes: int) -> Part:
    """Room for photos, mails and the database."""
    state = State.HEALTHY
    if free_bytes < LITTLE_DISK:
        state = State.UNHEALTHY if free_bytes < _NO_DISK else State.DEGRADED
    return Part(state, {"free_bytes": free_bytes})


def backup(
    made_at: datetime | None,
    installed_at: datetime | None,
    now: datetime,
    failed_at: datetime | None = None,
    *,
    log_fails: bool = False,
) -> Part:
    """The last good one must not be old, and none failed after it; a fresh installation has a day for its first."""
    since = made_at or installed_at or now
    state = State.DEGRADED if failed_at or now - since > OLD_BACKUP else State.HEALTHY
    times = {"last_good": made_at, "last_failed": failed_at}
    said = {name: at.isoformat(timespec="seconds") if at else None for name, at in times.items()}
    return Part(state, {**said, "log": "failing" if log_fails else None})


def queue(waiting: int, oldest_due_at: datetime | None, now: datetime) -> Part:
    """Messages that should have left already."""
    age = now - oldest_due_at if oldest_due_at else timedelta()
    state = State.DEGRADED if age > SLOW_QUEUE else State.HEALTHY
    return Part(state, {"waiting": waiting, "oldest_seconds": int(age.total_seconds())})


def worker(seen_at: datetime | None, now: datetime) -> Part:
    """When the worker last did the chore that leaves a mark; `None`: never."""
    if seen_at is None:
        return Part(State.DEGRADED, {"seconds": None})
    age = now - seen_at
    state = State.DEGRADED if age > SILENT_WORKER else State.HEALTHY
    return Part(state, {"seconds": int(age.total_seconds())})


def records(answer: Part, pools: Iterable[PoolFacts], queries: dict[str, int]) -> dict[str, object]:
    """The database for machines: how soon it answers, the pools, and how many statements were slow. Only numbers."""
    told = [
        {"name": name, "least": least, "most": most, "open": open_, "lent": lent, "waiting": waiting}
        for name, least, most, open_, lent, waiting in pools
    ]
    full = any(pool["waiting"] for pool in told)
    state = worst([answer.state, State.DEGRADED if full else State.HEALTHY])
    return {"status": state, **answer.facts, "pools": told, "queries": queries}


class Counter:
    """How often each address asked in the running minute; of this process only."""

    def __init__(self) -> None:
        self._minute = 0
        self._asked: dict[str, int] = {}

    def wait(self, address: str, now: float) -> int:
        """Seconds that this address must wait before it asks again; 0: not at all. `now` is monotonic seconds."""
        minute = int(now // _MINUTE)
        if minute != self._minute or len(self._asked) > _MOST_ADDRESSES:
            self._minute, self._asked = minute, {}
        self._asked[address] = self._asked.get(address, 0) + 1
        return int(_MINUTE - now % _MINUTE) + 1 if self._asked[address] > MOST_ASKED else 0
