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
from kroi.operations.backup import rules
from kroi.operations.backup.rules import REVISION, Facts, Table

_PATIENCE = 15.0  # seconds to wait for others' locks
_SWAP_PATIENCE = 60.0
_OURS = "substr(name, 1, 7) <> 'sqlite_'"
_ORDER = "type = 'table' DESC, type = 'index' DESC, rootpage"  # triggers last, as they speak of the others


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

        self._live.touch(mode=0o600)  # a new one is for its owner's eyes; what lies there keeps its rights
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

    def dump(self, folder: Path, *, compress: bool, schema_only: bool = False) -> tuple[Path, Facts]:
        """A compact copy. Writers wait while it is made, so that copy and facts are of the same moment."""
        if not self._path.exists():
            raise Conflict("There is no database yet: run flask db upgrade first.")
        target = folder / "database.sqlite3"
        if schema_only:
            facts = self._dump_schema(target)
            return (_compressed(target) if compress else target), facts
        with closing(_connect(self._path)) as guard, closing(_connect(self._path)) as reader:
            guard.execute("BEGIN IMMEDIATE")
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this moment
            with closing(_connect(self._path)) as copier:
                copier.execute("VACUUM INTO ?", (str(target),))
            guard.execute("ROLLBACK")
            facts = measure(reader)
        return (_compressed(target) if compress else target), facts

    def _dump_schema(self, target: Path) -> Facts:
        """The same tables, empty, in a file of their own."""
        with closing(_connect(self._path)) as live, closing(_connect(target)) as copy:
            live.execute("BEGIN")
            for (words,) in live.execute(
                f"SELECT sql FROM sqlite_master WHERE {_OURS} AND sql <> '' ORDER BY {_ORDER}"
            ):
                copy.execute(words)
            for row in live.execute(f"SELECT version_num FROM {REVISION}"):
                copy.execute(f"INSERT INTO {REVISION} VALUES (?)", row)
            names = {name: Table(0, "") for name in _tables(live)}
            facts = Facts(names | {REVISION: _measure_table(live, REVISION)}, _schema(live), _revision(live))
        return rules.emptied(facts, but=REVISION)

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
    return Facts(tables, _schema(connection), _revision(connection) if REVISION in tables else "")


def _schema(connection: sqlite3.Connection) -> str:
    """A checksum of every table, index and trigger, without what the planner remembers of them."""
    found = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE substr(tbl_name, 1, 11) <> 'sqlite_stat'"
    )
    return hashlib.sha256(repr(sorted(found, key=repr)).encode()).hexdigest()


def _revision(connection: sqlite3.Connection) -> str:
    return str((connection.execute(f"SELECT version_num FROM {REVISION}").fetchone() or ("",))[0])


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = f"SELECT name FROM sqlite_master WHERE type = 'table' AND {_OURS} ORDER BY name"
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
