"""Where the two databases differ in what they are told; how they are reached stands in `connecting`."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from kroi.core.config import Settings
from kroi.db import patience

APP_ROLE = "kroi_app"
REPORTS_ROLE = "kroi_reports"
_RETRY_CODES = {"40001", "40P01"}  # serialization_failure, deadlock_detected
_TIMEOUT_CODES = {"57014", "55P03", "25P03"}  # query_canceled, lock_not_available, idle in transaction for too long
MOVED = "Kroi has moved to another database"  # what a SQLite file says that was left
_READ_ONLY, _NO_TABLE, _NO_SUCH_VALUE = "25006", "42P01", "22023"
_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
_STATEMENT_MS, _DIRECT = "kroi_statement_ms", "kroi_direct_url"
_TOLD = (
    "SELECT set_config('role', %s, true), set_config('kroi.dealership', %s, true), "
    "set_config('statement_timeout', %s, true), set_config('timezone', 'UTC', true), "
    "set_config('idle_in_transaction_session_timeout', '60s', true)"  # as deploy/ tells PgBouncer and PostgreSQL
)
BEGINNINGS = frozenset({"BEGIN", "BEGIN IMMEDIATE", _TOLD})
"""What every transaction begins with, and nobody counts."""

_MANY = 100  # rows, from which on planning anew costs nothing beside them
_writing: ContextVar[bool] = ContextVar("kroi_writing", default=False)


def is_postgresql(bind: Engine | sa.Connection) -> bool:
    """Is this PostgreSQL? For this package and the commands that dump and restore."""
    return bind.dialect.name == "postgresql"


def manners(settings: Settings) -> dict[str, Any]:
    """Execution options of an engine on PostgreSQL: what each transaction is told, and the owner's own way in.

    Told with each transaction and not when the connection opens: behind PgBouncer those are different connections.
    """
    return {
        _STATEMENT_MS: str(settings.database_statement_timeout * 1000),
        _DIRECT: settings.direct_database_url,
    }


def begin_sqlite(connection: sa.Connection) -> None:
    """Begin a transaction: a reader who turns writer fails with "locked" at once, so who will write begins as one."""
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
        limit = "0" if patience.is_unbounded() else connection.get_execution_options().get(_STATEMENT_MS, "0")
        connection.exec_driver_sql(_TOLD, (role, dealership, limit))


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
    """Is the database away, or closed to writing, rather than our statement wrong?"""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY or MOVED in str(error.orig)
    return is_lost(error) or getattr(error.orig, "sqlstate", None) == _READ_ONLY


def is_lost(error: DBAPIError) -> bool:
    """Is the connection gone, or was none to be had? Another one may do: a file is always there, or never."""
    if isinstance(error.orig, sqlite3.Error):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    away = isinstance(error, sa.exc.OperationalError) and not state
    return bool(error.connection_invalidated or state.startswith(("08", "57P", "53")) or away)


def is_timeout(error: DBAPIError) -> bool:
    """Did the statement take too long, by our clock or by the database's?"""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT
    return getattr(error.orig, "sqlstate", None) in _TIMEOUT_CODES


def is_bare(error: DBAPIError) -> bool:
    """Did a statement fail because the tables, or on PostgreSQL the role that owns none of them, were never made?"""
    code, said = getattr(error.orig, "sqlstate", None), str(error.orig)
    return code == _NO_TABLE or (code == _NO_SUCH_VALUE and said.startswith("role ")) or "no such table" in said


def will_pass(error: DBAPIError) -> bool:
    """May the same request succeed a moment later? Then the answer is 503, and not that something is broken."""
    return is_connection_error(error) or may_retry(error) or is_timeout(error)


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
    if is_postgresql(engine):
        return patient and _vacuum(engine, tables)
    found = engine.raw_connection()  # in no transaction: a checkpoint may not be in one
    try:
        found.cursor().execute(f"PRAGMA busy_timeout={5_000 if patient else 200}")
        return bool(found.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    finally:
        found.invalidate()  # nobody else gets it with these manners


def _vacuum(engine: Engine, tables: Sequence[str]) -> bool:
    with apart(engine) as connection:
        connection.exec_driver_sql(f"VACUUM (ANALYZE) {', '.join(tables)}")
    return True


@contextmanager
def apart(engine: Engine) -> Iterator[sa.Connection]:
    """A connection of its own to PostgreSQL, as the owner, past any PgBouncer: each statement its own transaction.

    For what needs a session or a long time: vacuuming, locks that outlive a transaction. No timeouts.
    """
    url = engine.get_execution_options().get(_DIRECT) or engine.url
    own = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with own.connect() as connection:
        yield connection


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
