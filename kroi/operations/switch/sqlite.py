"""A SQLite file that is left or moved into: built beside its place under another name, and renamed when it is whole."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from kroi.core.errors import Conflict
from kroi.db.dialects import MOVED
from kroi.operations.backup.places import sync
from kroi.operations.backup.schema import newest
from kroi.operations.rows import schema, tables
from kroi.operations.rows.sqlite import SqliteRows

_ARRIVING, _IS_LEFT = 1, 2  # PRAGMA user_version; 0 is a database in use
_PATIENCE = 2.0  # seconds in which somebody may still let go


class SqliteHeld:
    """A file that this process alone has open."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.rows = SqliteRows(connection)

    def leave(self) -> None:
        """Every write is refused from now on; reading goes on."""
        for table in tables.parents_first():
            for verb in ("INSERT", "UPDATE", "DELETE"):
                self._connection.execute(
                    f'CREATE TRIGGER "kroi_left_{table.name}_{verb.lower()}" BEFORE {verb} ON "{table.name}" '
                    f"BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
                )
        self._connection.execute(f"PRAGMA user_version = {_IS_LEFT}")


class SqliteEnd:
    """The file at a path."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path

    def revision(self) -> str:
        """Its schema's migration."""
        if not self._path.exists():
            return ""
        with closing(self._open()) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                return ""
            return str((connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",))[0])

    def check_idle(self) -> None:
        """Raises Conflict when another process has the file open."""
        with self._alone():
            pass

    def check_free(self) -> None:
        """Nothing there, or what a switch left, or a schema that was never used."""
        if not self._path.exists() or not self._path.stat().st_size:
            return
        with closing(self._open()) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] in (_ARRIVING, _IS_LEFT):
                return
            if self.revision() == newest() and schema.is_untouched(SqliteRows(connection)):
                return
        raise Conflict(f"{self._path} holds data already. Name another file, or move this one away.")

    @contextmanager
    def held(self) -> Iterator[SqliteHeld]:
        """Nobody else even reads; the operating system takes the lock back when we die."""
        with self._alone() as connection:
            yield SqliteHeld(connection)

    @contextmanager
    def filling(self) -> Iterator[SqliteRows]:
        """Built in a file of another name, which is renamed when it is whole and on disk."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.switch")
        _remove(draft)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            _build(draft)
            with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("BEGIN")
                yield SqliteRows(connection)
                connection.execute(f"PRAGMA user_version = {_ARRIVING}")
                connection.execute("COMMIT")
                for manners in ("synchronous = FULL", "journal_mode = WAL", "wal_checkpoint(TRUNCATE)"):
                    connection.execute(f"PRAGMA {manners}").fetchall()
            self._take_its_place(draft)
        finally:
            _remove(draft)

    def _take_its_place(self, draft: Path) -> None:
        sync(draft)
        _remove(self._path, "-wal", "-shm")  # an old file's log must not be read into the new one
        os.replace(draft, self._path)
        sync(self._path.parent)

    def throw_away(self) -> None:
        """The file goes."""
        _remove(self._path)

    def settle(self) -> None:
        """It is in use."""
        with closing(self._open()) as connection:
            connection.execute("PRAGMA user_version = 0")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, isolation_level=None, timeout=_PATIENCE)

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        if not self._path.exists():
            raise Conflict("There is no database yet: run flask db upgrade first.")
        with closing(self._open()) as connection:
            try:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise Conflict(
                    "Kroi is still running: another process has the database open. Stop the web server and the worker."
                ) from None
            yield connection
            connection.execute("COMMIT")


def _remove(path: Path, *endings: str) -> None:
    for ending in endings or ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _build(path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        schema.build(connection, SqliteRows(raw))
