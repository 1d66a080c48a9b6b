"""Where the two databases differ: the only file that asks which one it is."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from kroi.core.config import Settings

APP_ROLE = "kroi_app"
_RETRY_CODES = {"40001", "40P01"}  # serialization_failure, deadlock_detected
_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
_MANY = 100  # rows, from which on planning anew costs nothing beside them
_writing: ContextVar[bool] = ContextVar("kroi_writing", default=False)


def is_postgresql(bind: Engine | sa.Connection) -> bool:
    """Is this PostgreSQL? For this package and the commands that dump and restore."""
    return bind.dialect.name == "postgresql"


def engine_options(settings: Settings) -> dict[str, Any]:
    """What `create_engine` needs for the database of these settings."""
    if settings.database_url.startswith("sqlite"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        return {"connect_args": {"timeout": 15}}
    return {
        "pool_size": settings.database_pool_min,
        "max_overflow": settings.database_pool_size - settings.database_pool_min,
        "pool_timeout": settings.database_pool_timeout,
        "pool_recycle": settings.database_idle_timeout,
        "pool_pre_ping": True,
        "connect_args": {
            "connect_timeout": settings.database_connect_timeout,
            "options": f"-c statement_timeout={settings.database_statement_timeout * 1000} -c timezone=UTC",
            "prepare_threshold": None,
        },
    }


def glancing(engine: Engine, settings: Settings) -> Engine:
    """An engine on the same database for single reads: each is its own transaction, and no connection is proved first.

    On PostgreSQL it has connections of its own, one and at most four, as proving is a matter of the pool.
    """
    if not is_postgresql(engine):
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    options = {**engine_options(settings), "pool_size": 1, "max_overflow": 3, "pool_pre_ping": False}
    return sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options)


def install(engine: Engine) -> None:
    """Teach the engine its database's manners: how connections open and how transactions begin."""
    if is_postgresql(engine):
        return
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _open_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    # What is deleted is overwritten: somebody who is erased must not be found in the file's free pages.
    for pragma in ("secure_delete=ON", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A reader who turns writer fails with "locked" at once, so whoever will write begins as a writer.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def writing() -> Iterator[None]:
    """What begins in here will write."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def enter_tenant(connection: sa.Connection, dealership_id: int | None) -> None:
    """Tell PostgreSQL, for this transaction, who acts: a role that owns nothing, for one dealership.

    `None` is nobody, who sees no owned row. SQLite has no row security.
    """
    _act_as(connection, APP_ROLE, str(dealership_id or ""))


def enter_operations(connection: sa.Connection) -> None:
    """Tell PostgreSQL that the login role itself acts in this transaction, across dealerships."""
    _act_as(connection, "none", "")


def _act_as(connection: sa.Connection, role: str, dealership: str) -> None:
    if is_postgresql(connection):
        connection.exec_driver_sql(
            "SELECT set_config('role', %s, true), set_config('kroi.dealership', %s, true)", (role, dealership)
        )


def isolation(bind: Engine | sa.Connection, level: str | None) -> dict[str, Any]:
    """Execution options for an isolation level; a writer on SQLite is always serializable."""
    return {"isolation_level": level} if level and is_postgresql(bind) else {}


def gives_numbers_again(bind: Engine | sa.Connection) -> bool:
    """May a new row get the number of one that was deleted?"""
    return not is_postgresql(bind)


def may_retry(error: DBAPIError) -> bool:
    """Did the database undo the work because of others, so that trying again makes sense?"""
    if error.connection_invalidated:
        return False
    return getattr(error.orig, "sqlstate", None) in _RETRY_CODES or "database is locked" in str(error.orig)


def is_connection_error(error: DBAPIError) -> bool:
    """Is the database away, rather than our statement wrong?"""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None) or ""
    away = isinstance(error, sa.exc.OperationalError) and not state
    return bool(error.connection_invalidated or state.startswith(("08", "57P")) or away)


def lock_named(session: Session | scoped_session[Session], name: str) -> None:
    """Wait for, and hold to the end of the transaction, the lock of this name. SQLite's writer is alone anyway."""
    connection = session.connection()
    if is_postgresql(connection):
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (number,))


def text_match(column: sa.SQLColumnExpression[str], words: str) -> sa.ColumnElement[bool]:
    """Rows whose folded text holds every word of the folded `words`, anywhere."""
    return sa.and_(*(column.contains(word, autoescape=True) for word in words.split()), sa.true())


def wipe(engine: Engine, tables: Sequence[str], *, patient: bool) -> bool:
    """Leave nothing of deleted rows where the database keeps them for a while; is that done?

    SQLite: in the log of writes. PostgreSQL: in dead rows, and in samples of values for its planner; since that takes a
    while, only when `patient`. Outside any transaction; who reads at that moment may be in the way, so ask again later.
    """
    if is_postgresql(engine) and not patient:
        return False
    found = engine.raw_connection()  # in no transaction: neither of these may be in one
    try:
        if not is_postgresql(engine):
            found.cursor().execute(f"PRAGMA busy_timeout={5_000 if patient else 200}")
            return bool(found.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        found.driver_connection.autocommit = True  # type: ignore[union-attr]  # there is one: it is open
        found.cursor().execute("SET statement_timeout = 0")
        found.cursor().execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
        return True
    finally:
        found.invalidate()  # nobody else gets it with these manners


def insert_many(
    table: sa.FromClause, rows: Sequence[Mapping[str, Any]], *, session: Session | scoped_session[Session]
) -> None:
    """Insert rows that name the same columns. The caller stamps `dealership_id`: this is Core.

    PostgreSQL gets each column as one array: as many statements as rows cost it and us several times as much.
    """
    if not rows:
        return
    build = sa.insert(table)  # type: ignore[arg-type]  # __table__ is a Table
    connection = session.connection()
    if not is_postgresql(connection):
        session.execute(build, list(rows))
        return
    if len(rows) >= _MANY:
        # A foreign key that was checked while its table was small is remembered as a walk over all of it.
        connection.exec_driver_sql("DISCARD PLANS")
    names = list(rows[0])
    arrays = (sa.bindparam(None, [row[name] for row in rows], _array_of(table.c[name])) for name in names)
    source = sa.func.unnest(*arrays).table_valued(*names).render_derived()
    session.execute(build.from_select(names, sa.select(*source.c)))
    if len(rows) >= _MANY:
        _count_anew(connection, table.description, len(rows))


def _count_anew(connection: sa.Connection, table: str, came: int) -> None:
    """Tell the planner of rows that make what it knew of the table worthless, before others name them.

    Of a table that it takes for empty any index seems as good as the right one, and then each row that names one of
    these is checked by a walk over all of them. Only the tables' owner may; whoever is at it already does it for us.
    """
    known = "SELECT reltuples, current_setting('role'), coalesce(current_setting('kroi.dealership', true), '')"
    one = connection.exec_driver_sql(f"{known} FROM pg_class WHERE oid = %s::regclass", (table,)).one()
    believed, role, dealership = one
    if believed >= came:
        return
    enter_operations(connection)
    connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {table}")
    _act_as(connection, role, dealership)


def _array_of(column: sa.ColumnElement[Any]) -> postgresql.ARRAY[Any]:
    return postgresql.ARRAY(column.type, dimensions=1)  # one, also of lists that are a column's value


def upsert(
    table: sa.Table | sa.FromClause,
    rows: Sequence[dict[str, Any]],
    *,
    key: Sequence[str],
    add: Sequence[str] = (),
    keep: Sequence[str] = (),
    session: Session | scoped_session[Session],
) -> None:
    """Insert rows; where `key` exists already, `add` sums the named columns and `keep` overwrites them.

    With neither, existing rows stay as they are. The caller stamps `dealership_id`: this is Core.
    """
    if not rows:
        return
    connection = session.connection()
    build = postgresql.insert if is_postgresql(connection) else sqlite.insert
    statement = build(table)  # type: ignore[arg-type]  # __table__ is a Table
    new = {name: table.c[name] + statement.excluded[name] for name in add}
    new |= {name: statement.excluded[name] for name in keep}
    if new:
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=new)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    session.execute(statement, list(rows))
