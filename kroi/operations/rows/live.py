"""The rows of the database in use, as its owner: all as they are at one moment, or to be changed all at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from kroi.core.config import Settings
from kroi.core.errors import Conflict
from kroi.operations.backup.schema import newest
from kroi.operations.rows.postgresql import PostgresqlRows
from kroi.operations.rows.sqlite import SqliteRows
from kroi.operations.rows.stores import Rows

_PATIENCE = 15  # seconds to wait for others' locks
_NONE = "There is no database yet: run flask db upgrade first."
_MANNERS = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c timezone=UTC"


@contextmanager
def reading(settings: Settings, patience: int = _PATIENCE) -> Iterator[Rows]:
    """What was there when the block began; nobody waits meanwhile, and we so many seconds at most for who holds it."""
    with _opened(settings, "BEGIN", "REPEATABLE READ, READ ONLY", patience) as rows:
        yield rows


@contextmanager
def changing(settings: Settings) -> Iterator[Rows]:
    """Stored when the block ends well, and else undone."""
    with _opened(settings, "BEGIN IMMEDIATE", "READ COMMITTED", _PATIENCE) as rows:
        yield rows


@contextmanager
def _opened(settings: Settings, begin: str, level: str, patience: int) -> Iterator[Rows]:
    url = settings.direct_database_url or settings.database_url
    if not url.startswith("sqlite"):
        manners = f"{_MANNERS} -c lock_timeout={patience}s"
        with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:", 1), options=manners) as connection:
            connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}".encode())
            _check_schema(connection)
            yield PostgresqlRows(connection)
        return
    path = Path(make_url(url).database or "")
    if not path.exists():
        raise Conflict(_NONE)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=patience)) as file:
        file.execute("PRAGMA secure_delete = ON")
        file.execute(begin)
        _check_schema(file)
        yield SqliteRows(file)
        file.execute("COMMIT")


def _check_schema(connection: psycopg.Connection[tuple[Any, ...]] | sqlite3.Connection) -> None:
    """Raises Conflict where the rows are not as this Kroi knows them."""
    try:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (psycopg.errors.UndefinedTable, sqlite3.OperationalError):
        raise Conflict(_NONE) from None
    if found is None or found[0] != newest():
        raise Conflict("The schema here is not the newest: run flask db upgrade first.")
