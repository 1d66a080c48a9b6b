"""Reads that may be a little late go to a streaming replica while it keeps up, and to the primary when it does not.

Nothing is read there in a request that wrote, in a transaction, or by chance: only what is passed to `read`.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import Engine, exc

from kroi.core.config import Settings
from kroi.db import connecting, dialects, glance, patience
from kroi.db.model import reading_from, session
from kroi.db.statistics import counters
from kroi.db.transaction import has_written

LATEST = 5.0
"""Seconds that a replica may be behind; further back, it is not asked."""
_MEASURED_EVERY = 1.0  # seconds
_BLIND, _BLINDEST = 5.0, 60.0  # seconds without a look after one that failed, and after several
_NAME = "kroi.replica"
# Positions in the log of changes, as bytes. One that is no replica (any more) says nothing: it may know other things.
_WRITTEN = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"
_REPLAYED = """
    SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint,
           extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float
    WHERE pg_is_in_recovery()
"""
_MOMENT = 0.05  # seconds
_SILENT = 2.0  # seconds without an answer, after which it is away
_MARKS = 30  # looks that are remembered
_log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Replica:
    """The replica as this process last saw it."""

    def __init__(self, engine: Engine, primary: Engine) -> None:
        self.engine, self._primary = engine, primary
        self._behind: float | None = None
        self._look_at, self._blind = 0.0, _BLIND
        self._lock = threading.Lock()
        self._marks: deque[tuple[float, int]] = deque(maxlen=_MARKS)  # when the primary was where

    def keeps_up(self) -> bool:
        """Is it there, and not too far behind? Measured at most once a second, by one who asks."""
        if not self._lock.acquire(timeout=_MOMENT):
            return False  # whoever measures waits for a silent one: nobody else need
        try:
            if time.monotonic() >= self._look_at:
                self._measure()
            return self._behind is not None and self._behind <= LATEST
        finally:
            self._lock.release()

    def behind(self) -> float | None:
        """Seconds that it was behind when last measured; `None` when it is away or no replica."""
        return self._behind

    def failed(self) -> None:
        """It did not answer: it is left alone for a while."""
        if self._behind is not None:
            _log.warning("the replica is away; its reads go to the primary")
        self._behind, self._look_at = None, time.monotonic() + self._blind
        self._blind = min(self._blind * 2, _BLINDEST)

    def _measure(self) -> None:
        try:
            with patience.at_most(_SILENT):
                (written,) = _ask(self._primary, _WRITTEN)
                replayed = self._replayed(written)
        except exc.SQLAlchemyError:
            self.failed()
            return
        now = time.monotonic()
        self._look_at, self._blind = now + _MEASURED_EVERY, _BLIND
        self._marks.append((now, written))
        self._behind = self._seconds(now, *replayed) if replayed else None

    def _replayed(self, written: int) -> Any:
        """Where it is; at the first look, when there is nothing to compare with, it gets a moment to come so far."""
        found = _ask(self.engine, _REPLAYED)
        if found and found[0] < written and not self._marks:
            time.sleep(_MOMENT)
            found = _ask(self.engine, _REPLAYED)
        return found

    def _seconds(self, now: float, position: int, last_change: float | None) -> float | None:
        """How long ago the primary was first seen where the replica is not yet; by its clock if never seen together."""
        ahead = [at for at, written in self._marks if written > position]
        if not ahead:
            return 0.0
        return now - ahead[0] if len(ahead) < len(self._marks) else last_change


def _ask(engine: Engine, question: str) -> Any:
    with engine.connect() as connection:
        return connection.exec_driver_sql(question).one_or_none()


def install(app: Flask, settings: Settings) -> None:
    """Make the engine where REPLICA_URL names one."""
    url = settings.replica_url
    primary = glance.engine_of(app)
    app.extensions[_NAME] = Replica(connecting.replica_engine(settings, url), primary) if url and primary else None


def engine_of(app: Flask) -> Engine | None:
    """The replica's engine, if there is one."""
    found: Replica | None = app.extensions[_NAME]
    return found.engine if found else None


def find() -> Replica | None:
    """The replica of the current application, for pages and metrics."""
    found: Replica | None = current_app.extensions[_NAME]
    return found


@contextmanager
def on_primary() -> Iterator[None]:
    """What is read in here comes from the primary, also within `read`."""
    token = reading_from.set(None)
    try:
        yield
    finally:
        reading_from.reset(token)


def read(work: Callable[[], Result], *, may: Callable[[], bool] | None = None) -> Result:
    """What `work` reads, from the replica if it keeps up, and again from the primary if the replica fails on the way.

    `may` is asked on the replica first: does it know what this read must not miss? `work` only reads.
    """
    found = find()
    if found is None or has_written() or not found.keeps_up():
        return work()
    token = reading_from.set(found.engine)
    try:
        if may is None or may():
            result = work()
            counters.add(replica_reads=1)
            return result
    except exc.DBAPIError as error:
        if not dialects.will_pass(error):
            raise
        found.failed()
        session.rollback()
    except exc.TimeoutError:
        session.rollback()
    finally:
        reading_from.reset(token)
    counters.add(replica_refused=1)
    return work()
