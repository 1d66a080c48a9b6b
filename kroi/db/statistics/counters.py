"""What this process has counted since it started. Each worker process counts for itself; whoever shows them adds up."""

import threading
import time
from bisect import bisect_left
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from weakref import WeakSet

from kroi.core import clock
from kroi.db.statistics import rules

REMEMBERED = 100  # statements of the history
SLOW_ONES = 50  # slow statements
SHAPES = 300  # statements that are counted one by one; the others are counted together
OTHERS = "(others)"


@dataclass
class Counts:
    """Sums since the process started. `milliseconds` is the time of all statements together."""

    queries: int = 0
    failed: int = 0
    slow: int = 0
    given_up: int = 0
    milliseconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(rules.BOUNDS_MS) + 1))
    committed: int = 0
    rolled_back: int = 0
    retried: int = 0
    overdue: int = 0
    unknown: int = 0
    transaction_milliseconds: float = 0.0
    refused: int = 0
    opened: int = 0
    lost: int = 0
    leaked: int = 0
    replica_reads: int = 0
    replica_refused: int = 0


class Query(NamedTuple):
    """One statement that was carried out: when (UTC), how long, for whom, and what."""

    at: datetime
    milliseconds: float
    route: str
    statement: str


class PoolState(NamedTuple):
    """A pool of connections now: how many are open, lent out and waited for, and its bounds."""

    name: str
    least: int
    most: int
    open: int
    lent: int
    waiting: int


class Pool(Protocol):
    """What tells of a pool."""

    def state(self) -> PoolState:
        """How it is now."""


class Total(NamedTuple):
    """All of one kind of statement."""

    statement: str
    times: int
    milliseconds: float
    longest: float


_Noted = tuple[float, float, str, str]  # a Query by the monotonic clock, and with the statement as it was sent
_lock = threading.Lock()
_counts = Counts()
_recent: deque[_Noted] = deque(maxlen=REMEMBERED)
_slow: deque[_Noted] = deque(maxlen=SLOW_ONES)
_pools: WeakSet[Pool] = WeakSet()
_totals: dict[str, list[float]] = {}  # statement as it was sent: times, milliseconds, longest


def add(**more: float) -> None:
    """Count so many more of what `Counts` names."""
    with _lock:
        for name, value in more.items():
            setattr(_counts, name, getattr(_counts, name) + value)


def count_query(statement: str, milliseconds: float, route: str, *, slow: bool) -> None:
    """A statement was carried out."""
    query = (time.monotonic(), milliseconds, route, statement)
    with _lock:
        _counts.queries += 1
        _counts.milliseconds += milliseconds
        _counts.buckets[bisect_left(rules.BOUNDS_MS, milliseconds)] += 1
        _recent.append(query)
        total = _totals.get(statement) or _new_total(statement)
        total[0] += 1
        total[1] += milliseconds
        if milliseconds > total[2]:
            total[2] = milliseconds
        if slow:
            _counts.slow += 1
            _slow.append(query)


def know(pool: Pool) -> None:
    """This pool is one of ours, for as long as it is used."""
    _pools.add(pool)


def pools() -> list[PoolState]:
    """How the pools are now, by name."""
    return sorted(pool.state() for pool in list(_pools))


def counts() -> Counts:
    """A copy of the sums."""
    with _lock:
        return Counts(**asdict(_counts))


def recent() -> list[Query]:
    """The last statements, newest first."""
    with _lock:
        found = list(_recent)
    return [_query(*noted) for noted in reversed(found)]


def slow() -> list[Query]:
    """The last slow statements, newest first."""
    with _lock:
        found = list(_slow)
    return [_query(*noted) for noted in reversed(found)]


def totals() -> list[Total]:
    """Kinds of statements, those first that took the most time in all."""
    with _lock:
        found = [Total(statement, int(times), total, most) for statement, (times, total, most) in _totals.items()]
    merged: dict[str, Total] = {}
    for each in found:
        name = rules.shape(each.statement)
        before = merged.get(name, Total(name, 0, 0.0, 0.0))
        times, spent = before.times + each.times, before.milliseconds + each.milliseconds
        merged[name] = Total(name, times, spent, max(before.longest, each.longest))
    return sorted(merged.values(), key=lambda total: -total.milliseconds)


def forget_everything() -> None:
    """Begin anew, as after a start."""
    global _counts
    with _lock:
        _counts = Counts()
        _recent.clear()
        _slow.clear()
        _totals.clear()


def _new_total(statement: str) -> list[float]:
    """Statements whose lists differ in length are one kind; of very many kinds the rest is one, too."""
    name = statement if len(_totals) < SHAPES // 2 else rules.shape(statement)
    if len(_totals) >= SHAPES:
        name = name if name in _totals else OTHERS
    return _totals.setdefault(name, [0, 0.0, 0.0])


def _query(at: float, milliseconds: float, route: str, statement: str) -> Query:
    ago = timedelta(seconds=time.monotonic() - at)
    return Query(clock.now() - ago, milliseconds, route, rules.shape(statement))
