"""How connections open on either database, and how long they wait for an answer."""

import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg import errors
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

from kroi.core.config import Settings
from kroi.db import dialects, patience
from kroi.db.pool import Pool
from kroi.db.statistics import counters, listening

_GRACE = 1.0  # seconds for the server to end what we gave up on, before we hang up
_STEPS = 50_000  # of SQLite's machine between two looks at the time: about a millisecond
_FOR_A_GLANCE = 4  # connections
_REPLICA_ANSWERS = 2  # seconds, the least that libpq understands
_WAIT_INTERVAL = 0.1  # seconds, psycopg's own
Answer = TypeVar("Answer")


def engine_options(settings: Settings) -> dict[str, Any]:
    """What `create_engine` needs for the database of these settings."""
    pool = {
        "poolclass": Pool,
        "least": settings.database_pool_min,
        "pool_size": settings.database_pool_size,
        "pool_timeout": settings.database_pool_timeout,
    }
    if settings.database_url.startswith("sqlite"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        return {**pool, "connect_args": {"timeout": 15}}
    return {
        **pool,
        "pool_pre_ping": True,
        "connect_args": {
            "connect_timeout": settings.database_connect_timeout,
            "fallback_application_name": "kroi",
            "prepare_threshold": None,  # behind PgBouncer the next statement may reach another session
        },
        "execution_options": dialects.manners(settings),
    }


def glancing(engine: Engine, settings: Settings) -> Engine:
    """An engine on the same database for single reads: each is its own transaction, and no connection is proved first.

    On PostgreSQL it has connections of its own, one and at most four, as proving is a matter of the pool.
    """
    if not dialects.is_postgresql(engine):
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    options = {**engine_options(settings), "least": 1, "pool_size": _FOR_A_GLANCE, "pool_pre_ping": False}
    made = sa.create_engine(
        engine.url, name="glance", isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options
    )
    install(made, settings)
    return made


def replica_engine(settings: Settings, url: str) -> Engine:
    """An engine on the replica, with a pool like the primary's; whoever does not answer there is not waited for."""
    options = engine_options(settings)
    options["connect_args"]["connect_timeout"] = min(settings.database_connect_timeout, _REPLICA_ANSWERS)
    made = sa.create_engine(url, name="replica", **{**options, "least": 1})
    install(made, settings)
    return made


def install(engine: Engine, settings: Settings) -> None:
    """Teach the engine its database's manners: how connections open, how transactions begin, how long we wait."""
    if dialects.is_postgresql(engine):
        _install_postgresql(engine, settings)
    else:
        event.listen(engine, "do_connect", _make_sqlite)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", dialects.begin_sqlite)
        event.listen(engine, "before_cursor_execute", _bound_sqlite(settings.database_query_timeout))
    listening.listen(engine, settings, dialects.BEGINNINGS)


def _install_postgresql(engine: Engine, settings: Settings) -> None:
    most, ping = settings.database_query_timeout, engine.dialect.do_ping

    def connect(dialect: Any, record: Any, arguments: Any, named: Any) -> Connection:
        patience.check()
        made = Connection.connect(*arguments, **named)
        made.most = most
        return made

    def do_ping(connection: Any) -> bool:
        with patience.at_most(settings.database_connect_timeout):
            return ping(connection)

    event.listen(engine, "do_connect", connect)
    setattr(engine.dialect, "do_ping", do_ping)  # noqa: B010  # there is no event for it


class Connection(psycopg.Connection[Any]):
    """Waits for an answer only so long, also for a server that says nothing at all. Raises OperationalError."""

    most = float("inf")

    def wait(self, gen: PQGen[Answer], interval: float = _WAIT_INTERVAL, timeout: float | None = None) -> Answer:
        """What everything that is asked goes through: statements, BEGIN and COMMIT, proving."""
        try:
            return super().wait(gen, interval, patience.left(self.most) if timeout is None else timeout)
        except errors._WaitTimeout:
            counters.add(given_up=1)
            return self._give_up(gen)

    def _give_up(self, gen: PQGen[Answer]) -> Answer:
        """Ask the server to end it, which it answers with QueryCanceled; or else hang up."""
        try:
            self.cancel_safe(timeout=_GRACE)
            return super().wait(gen, timeout=_GRACE)
        except (errors._WaitTimeout, errors.CancellationTimeout):
            with suppress(psycopg.Error):
                self.pgconn.finish()
            raise psycopg.OperationalError("the database did not answer in time") from None


def _make_sqlite(dialect: Any, record: Any, arguments: Any, named: Any) -> None:
    """A new file is for its owner's eyes, and so are then the two that SQLite puts beside it."""
    path = Path(arguments[0])
    if str(path) != ":memory:" and not path.exists():
        path.touch(mode=0o600)


def _open_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, in dialects
    # What is deleted is overwritten: somebody who is erased must not be found in the file's free pages.
    for pragma in ("secure_delete=ON", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.set_progress_handler(_deadline.is_over, _STEPS)


class _Deadline(threading.local):
    """When the statement that this thread waits for must be over, in monotonic seconds."""

    until = float("inf")

    def is_over(self) -> bool:
        """What SQLite asks from time to time."""
        return time.monotonic() > self.until


_deadline = _Deadline()


def _bound_sqlite(most: float) -> Any:
    """Each statement ends, with "interrupted", when its time is over; reading its rows is part of it."""

    def begin(*_statement: Any) -> None:
        seconds = patience.left(most)
        _deadline.until = float("inf") if seconds is None else time.monotonic() + seconds

    return begin
