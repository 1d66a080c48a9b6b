"""A PostgreSQL database that is left or moved into: built, filled and proven in one transaction."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from kroi.core.errors import Conflict
from kroi.operations.backup import measuring
from kroi.operations.rows import schema, tables
from kroi.operations.rows.postgresql import PostgresqlRows

Connection = psycopg.Connection[tuple[Any, ...]]
_ARRIVING, _LEFT = "kroi_arriving", "kroi_left"  # empty schemas: marks that come and go with the transaction
_PATIENCE = 2.0  # seconds in which somebody may still let go
_MANNERS = (
    "-c statement_timeout=0 -c lock_timeout=5s -c idle_in_transaction_session_timeout=0 -c timezone=UTC "
    "-c default_transaction_read_only=off"
)
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)


class PostgresqlHeld:
    """Tables which nobody else can write to until the transaction ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.rows = PostgresqlRows(connection)

    def leave(self) -> None:
        """Whoever connects from now on may only read."""
        self._connection.execute(_say("CREATE SCHEMA IF NOT EXISTS {}", _LEFT))
        self._connection.execute(
            _say("ALTER DATABASE {} SET default_transaction_read_only = on", self._connection.info.dbname)
        )


class PostgresqlEnd:
    """The database at an address, as the owner of its tables."""

    engine = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg:", "postgresql:", 1)

    def revision(self) -> str:
        """Its schema's migration."""
        with self._connect() as connection:
            if "alembic_version" not in measuring.tables(connection):
                return ""
            return str((connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",))[0])

    def check_idle(self) -> None:
        """Raises Conflict when somebody else is connected."""
        end = time.monotonic() + _PATIENCE
        while (others := self._others()) and time.monotonic() < end:
            time.sleep(0.1)
        if others:
            raise Conflict(
                f"Kroi is still running: {others} other connections to the database are open. "
                "Stop the web server, the worker and PgBouncer."
            )

    def _others(self) -> int:
        with self._connect() as connection:
            return int(connection.execute(_OTHERS).fetchall()[0][0])

    def check_free(self) -> None:
        """Nothing there, or what a switch left, or a schema that was never used; and it keeps any text."""
        with self._connect() as connection:
            name = connection.info.dbname
            _check_owner(connection)
            encoding = connection.execute("SHOW server_encoding").fetchall()[0][0]
            if encoding != "UTF8":
                raise Conflict(f"The database keeps text as {encoding}. Make one with ENCODING 'UTF8'.")
            found = set(measuring.tables(connection))
            if not found or _marks(connection):
                return
            ours = {table.name for table in tables.parents_first()} | {"alembic_version"}
            if found == ours and schema.is_untouched(PostgresqlRows(connection)):
                return
        raise Conflict(f"The database {name} holds data already. Make an empty one.")

    @contextmanager
    def held(self) -> Iterator[PostgresqlHeld]:
        """Others may read; the server takes the locks back when we die."""
        self.check_idle()
        names = sql.SQL(", ").join(sql.Identifier("public", table.name) for table in tables.parents_first())
        with self._connect() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            _check_owner(connection)
            try:  # for some seconds: the server's own vacuum makes way for who waits
                connection.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(names))
            except psycopg.errors.LockNotAvailable:
                raise Conflict("Kroi is still running: somebody is writing. Stop the web server and worker.") from None
            yield PostgresqlHeld(connection)

    @contextmanager
    def filling(self) -> Iterator[PostgresqlRows]:
        """Schema and rows in one transaction, undone if it is not kept."""
        engine = sa.create_engine(
            self._url.replace("postgresql:", "postgresql+psycopg:", 1),
            poolclass=sa.NullPool,
            connect_args={"options": _MANNERS},
        )
        with engine.connect() as connection, connection.begin():
            raw = connection.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            _empty(raw)
            schema.build(connection, PostgresqlRows(raw))
            raw.execute(_say("CREATE SCHEMA {}", _ARRIVING))
            yield PostgresqlRows(raw)

    def throw_away(self) -> None:
        """Its tables go."""
        with self._connect() as connection:
            _empty(connection)

    def settle(self) -> None:
        """It is in use."""
        with self._connect() as connection:
            connection.execute(_say("DROP SCHEMA IF EXISTS {}", _ARRIVING))

    def _connect(self) -> Connection:
        """A connection whose block is one transaction."""
        return psycopg.connect(self._url, options=_MANNERS)


def _check_owner(connection: Connection) -> None:
    """Raises Conflict for a login that may not close or open the database for others."""
    mine = "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"
    if not connection.execute(mine.encode()).fetchall()[0][0]:
        raise Conflict(
            f"The login {connection.info.user} does not own the database {connection.info.dbname}, so it cannot move "
            "there, nor close it. Name the owner."
        )


def _marks(connection: Connection) -> int:
    query = "SELECT count(*) FROM pg_namespace WHERE nspname = ANY(%s)"
    return int(connection.execute(query, [[_ARRIVING, _LEFT]]).fetchall()[0][0])


def _empty(connection: Connection) -> None:
    """No table and no function of ours, and no mark."""
    for schema_name, name in measuring.tables(connection).values():
        connection.execute(_say("DROP TABLE {} CASCADE", (schema_name, name)))
    functions = connection.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE pronamespace = 'public'::regnamespace "
        "AND right(proname, 11) = '_only_added'"
    ).fetchall()
    for (name,) in functions:
        connection.execute(sql.SQL("DROP FUNCTION {}").format(sql.SQL(name)))
    for mark in (_ARRIVING, _LEFT):
        connection.execute(_say("DROP SCHEMA IF EXISTS {}", mark))
    connection.execute(_say("ALTER DATABASE {} RESET default_transaction_read_only", connection.info.dbname))


def _say(words: Any, name: str | tuple[str, str]) -> sql.Composed:
    return sql.SQL(words).format(sql.Identifier(*((name,) if isinstance(name, str) else name)))
