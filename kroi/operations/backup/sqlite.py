"""SQLite: copied with VACUUM INTO, put back through SQLite's own backup, so that running servers see one swap."""

import gzip
import hashlib
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kroi.core.errors import Conflict, Invalid
from kroi.operations.backup.rules import Facts, Table

_PATIENCE = 15.0  # seconds to wait for others' locks
_SWAP_PATIENCE = 60.0


class SqliteScratch:
    """A restored file, and the live one that it may replace."""

    def __init__(self, path: Path, live: Path) -> None:
        self._path = path
        self._live = live

    def facts(self) -> Facts:
        """What it holds; raises Invalid when its pages or its references are broken."""
        with closing(_connect(self._path)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise Invalid("The backup is damaged: its database fails SQLite's own check.")
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise Invalid("The backup is damaged: a row refers to one that is not there.")
            return measure(connection)

    def take_over(self) -> None:
        """One transaction of SQLite's own: who reads sees the old content or the new, also if we die."""
        self._live.parent.mkdir(parents=True, exist_ok=True)
        end = time.monotonic() + _SWAP_PATIENCE

        def impatient(status: int, remaining: int, total: int) -> None:
            if time.monotonic() > end:
                raise Conflict("The database is in use and stays locked. Stop Kroi and try again.")

        with closing(_connect(self._path)) as source, closing(_connect(self._live)) as live:
            source.backup(live, progress=impatient)


class Sqlite:
    """The live file."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path

    def server(self) -> str:
        """The version of the library."""
        return sqlite3.sqlite_version

    def dump(self, folder: Path, *, compress: bool) -> tuple[Path, Facts]:
        """A compact copy. Writers wait while it is made, so that copy and facts are of the same moment."""
        if not self._path.exists():
            raise Conflict("There is no database yet: run flask db upgrade first.")
        target = folder / "database.sqlite3"
        with closing(_connect(self._path)) as guard, closing(_connect(self._path)) as reader:
            guard.execute("BEGIN IMMEDIATE")
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this moment
            with closing(_connect(self._path)) as copier:
                copier.execute("VACUUM INTO ?", (str(target),))
            guard.execute("ROLLBACK")
            facts = measure(reader)
        return (_compressed(target) if compress else target), facts

    @contextmanager
    def scratch(self, dump: Path, folder: Path) -> Iterator[SqliteScratch]:
        """The copy as a file of its own."""
        path = folder / "scratch.sqlite3"
        try:
            if dump.suffix == ".gz":
                with gzip.open(dump) as packed, path.open("wb") as file:
                    shutil.copyfileobj(packed, file, 1024 * 1024)
            else:
                shutil.copyfile(dump, path)
            yield SqliteScratch(path, self._path)
        except (sqlite3.DatabaseError, gzip.BadGzipFile, EOFError) as error:
            raise Invalid(f"The backup's database cannot be read ({type(error).__name__}).") from None
        finally:
            for leftover in folder.glob("scratch.sqlite3*"):
                leftover.unlink()

    def is_empty(self) -> bool:
        """Has the live file no tables?"""
        if not self._path.exists():
            return True
        with closing(_connect(self._path)) as connection:
            return not _tables(connection)

    def facts(self) -> Facts:
        """What the live file holds."""
        with closing(_connect(self._path)) as connection:
            connection.execute("BEGIN")
            return measure(connection)


def measure(connection: sqlite3.Connection) -> Facts:
    """What a database holds, as the connection sees it."""
    tables = {name: _measure_table(connection, name) for name in _tables(connection)}
    schema = repr(
        sorted(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall(), key=repr)
    )
    revision = ""
    if "alembic_version" in tables:
        revision = str((connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",))[0])
    return Facts(tables, hashlib.sha256(schema.encode()).hexdigest(), revision)


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
    return [name for (name,) in connection.execute(query)]


def _measure_table(connection: sqlite3.Connection, name: str) -> Table:
    quoted = name.replace('"', '""')
    rows, total = 0, 0
    for row in connection.execute(f'SELECT * FROM "{quoted}"'):
        rows += 1
        total += int.from_bytes(hashlib.blake2b(repr(row).encode("utf-8", "backslashreplace"), digest_size=16).digest())
    return Table(rows, f"{total % 2**128:032x}")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)


def _compressed(path: Path) -> Path:
    target = path.with_name(path.name + ".gz")
    with path.open("rb") as plain, gzip.open(target, "wb", compresslevel=6) as packed:
        shutil.copyfileobj(plain, packed, 1024 * 1024)
    path.unlink()
    return target
