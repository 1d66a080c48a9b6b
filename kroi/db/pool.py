"""Connections kept ready: never fewer than the least, never more than the most, and nobody waits for one for ever."""

import logging
import threading
import time
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Empty

from kroi.db.statistics import counters
from kroi.db.statistics.counters import PoolState

_log = logging.getLogger(__name__)
_LOOKS_EVERY = 0.1  # seconds, in which who waits sees that there is room for a new connection
_DRY = 1.0  # seconds, in which nobody waits after somebody has waited in vain: a request asks more than once
_RETURNED = "kroi.returned_at"  # monotonic seconds, in the record of a connection


class PoolExhausted(TimeoutError):
    """Every connection is lent out, and waiting for one took too long, or too many wait already."""


class Pool(QueuePool):
    """SQLAlchemy's pool with bounds on waiting, and with a least number that stays open.

    The one used last is lent first, so that in quiet times the others fall idle and are closed.
    """

    def __init__(self, creator: Any, least: int = 1, name: str = "main", **kw: Any) -> None:
        super().__init__(creator, **{**kw, "max_overflow": 0, "use_lifo": True})
        self.least, self.name = least, name
        self._waiting, self._dry_until = 0, 0.0
        self._counting = threading.Lock()
        counters.know(self)

    def recreate(self) -> "Pool":
        """A new one of the same kind, as after `Engine.dispose`."""
        return Pool(
            self._creator, least=self.least, name=self.name, pool_size=self.size(), timeout=self._timeout,
            pre_ping=self._pre_ping, recycle=self._recycle, echo=self.echo, reset_on_return=self._reset_on_return,
            logging_name=self._orig_logging_name, _dispatch=self.dispatch, dialect=self._dialect,
        )  # fmt: skip

    def state(self) -> PoolState:
        """How it is now, for pages and metrics."""
        return PoolState(self.name, self.least, self.size(), self.opened(), self.checkedout(), self._waiting)

    def opened(self) -> int:
        """How many connections there are, lent out or not."""
        return self.size() + self._overflow

    def _do_get(self) -> ConnectionPoolEntry:
        found = self._at_once()
        return found if found is not None else self._in_turn()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        record.info[_RETURNED] = time.monotonic()
        super()._do_return_conn(record)

    def _at_once(self, wait: float = 0.0) -> ConnectionPoolEntry | None:
        """A free connection or a new one; `None` when all are lent out, also after waiting so many seconds."""
        try:
            return self._pool.get(wait > 0, wait)
        except Empty:
            pass
        return self._new() if self._inc_overflow() else None

    def _new(self) -> ConnectionPoolEntry:
        try:
            made = self._create_connection()
        except BaseException:
            self._dec_overflow()
            raise
        counters.add(opened=1)
        return made

    def _in_turn(self) -> ConnectionPoolEntry:
        """Wait for one, but not where others have just waited in vain or as many wait as there are connections."""
        until = time.monotonic() + self._timeout
        with self._counting:
            in_vain = self._waiting >= self.size() or time.monotonic() < self._dry_until
            self._waiting += not in_vain
        try:
            while not in_vain and (left := until - time.monotonic()) > 0:
                if (found := self._at_once(min(left, _LOOKS_EVERY))) is not None:
                    return found
        finally:
            with self._counting:
                self._waiting -= not in_vain
        if not in_vain:
            self._dry_until = time.monotonic() + _DRY
        counters.add(refused=1)
        raise PoolExhausted(f"all {self.size()} connections are in use")

    def close_idle(self, seconds: float) -> int:
        """Close connections that nobody used for so long, down to the least; how many."""
        closed = 0
        while self.opened() > self.least and (record := self._longest_idle(seconds)) is not None:
            record.close()
            self._dec_overflow()
            closed += 1
        return closed

    def _longest_idle(self, seconds: float) -> ConnectionPoolEntry | None:
        queue: Any = self._pool
        with queue.mutex:
            kept = queue.queue
            if kept and time.monotonic() - kept[0].info.get(_RETURNED, 0.0) > seconds:
                found: ConnectionPoolEntry = kept.popleft()
                return found
        return None

    def prove(self) -> int:
        """Prove the least number of connections, opening what is missing; how many. Raises the driver's errors."""
        borrowed = []
        try:
            while self.checkedout() < self.least:
                borrowed.append(self.connect())
        finally:
            for connection in borrowed:
                connection.close()
        return len(borrowed)


class Keeper:
    """A thread that looks after the pools of this process from time to time, while somebody uses one."""

    def __init__(self, engines: list[Engine], every: float, idle: float) -> None:
        self._engines, self._every, self._idle = engines, every, idle
        self._thread: threading.Thread | None = None
        self._enough = threading.Event()

    def start(self, *_event: Any) -> None:
        """Have a thread, also after a fork. Listens to new connections."""
        if self._thread is None or not self._thread.is_alive() or self._enough.is_set():
            self._enough = threading.Event()
            self._thread = threading.Thread(target=self._keep, args=[self._enough], name="kroi-pools", daemon=True)
            self._thread.start()

    def rest(self, *_event: Any) -> None:
        """Leave the pools alone until somebody connects again. Listens to engines that are disposed of."""
        self._enough.set()

    def look(self) -> None:
        """Close what is idle too long, and prove the rest. A database that is away is no failure of ours."""
        for engine in self._engines:
            if isinstance(engine.pool, Pool):
                engine.pool.close_idle(self._idle)
                try:
                    engine.pool.prove()
                except Exception as error:  # the driver's own, too; the thread must outlive them all
                    counters.add(lost=1)
                    _log.warning("the database does not answer: %s", type(error).__name__)

    def _keep(self, enough: threading.Event) -> None:
        while not enough.wait(self._every):
            self.look()
