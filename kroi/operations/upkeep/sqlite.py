"""Looking at a SQLite file, and tidying it in steps so short that writers hardly wait."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kroi.core.errors import Conflict
from kroi.operations.upkeep.rules import Index, Look, Size

_PATIENCE = 15.0
_WASTE = 0.25  # of the file, from which on it is worth writing anew
_PAGES = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
_INDEXES = (
    "SELECT i.name, i.tbl_name, x.[unique] FROM sqlite_master i, pragma_index_list(i.tbl_name) x "
    "WHERE i.type = 'index' AND x.name = i.name ORDER BY i.name"
)


def look(path: Path) -> Look:
    """What the file tells."""
    with _connected(path) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        sizes, notes = _sizes(file)
        indexes = [
            Index(name, table, sizes.get(name, 0), needed=bool(unique))
            for name, table, unique in file.execute(_INDEXES)
        ]
        page, free = _pragma(file, "page_size"), _pragma(file, "freelist_count")
        log = path.with_name(path.name + "-wal")
        writing = _is_being_written(path)
        return Look(
            engine="sqlite",
            version=sqlite3.sqlite_version,
            bytes=_pragma(file, "page_count") * page + (log.stat().st_size if log.exists() else 0),
            free_bytes=free * page,
            tables=[Size(name, _count(file, name), sizes.get(name, 0), _of(indexes, name)) for name in names],
            indexes=indexes,
            unused=[],
            connections={},
            connections_most=None,
            waiting=[{"lock": "the writer's", "held": "right now"}] if writing else [],
            hit_rate=None,
            slow=[],
            notes=["SQLite does not count how often an index is used, nor who is connected", *notes],
        )


def _sizes(file: sqlite3.Connection) -> tuple[dict[str, int], list[str]]:
    """Bytes by table and index, where this SQLite can tell."""
    try:
        return {str(name): int(size) for name, size in file.execute(_PAGES)}, []
    except sqlite3.OperationalError:
        return {}, ["this SQLite was built without dbstat, so sizes of single tables are not known"]


def _of(indexes: list[Index], table: str) -> int:
    return sum(each.bytes for each in indexes if each.table == table)


def _count(file: sqlite3.Connection, table: str) -> int:
    return int(file.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def _pragma(file: sqlite3.Connection, name: str) -> int:
    return int(file.execute(f"PRAGMA {name}").fetchone()[0])


def _is_being_written(path: Path) -> bool:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as file:
        try:
            file.execute("BEGIN IMMEDIATE")
            file.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
        return False


def analyze(path: Path, table: str) -> None:
    """The planner learns what is there, from a sample."""
    with _connected(path) as file:
        file.execute("PRAGMA analysis_limit = 1000")
        file.execute(f'ANALYZE "{table}"')


def reindex(path: Path, table: str) -> None:
    """Every index of a table anew, one at a time: writers wait for one, readers for none."""
    with _connected(path) as file:
        names = [name for name, owner, _unique in file.execute(_INDEXES).fetchall() if owner == table]
        for name in names:
            file.execute(f'REINDEX "{name}"')


def checkpoint(path: Path) -> None:
    """The log of writes goes into the file, as far as nobody reads it."""
    with _connected(path) as file:
        file.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def is_wasteful(path: Path) -> bool:
    """Is so much of the file empty that it is worth writing it anew?"""
    with _connected(path) as file:
        return _pragma(file, "freelist_count") > _pragma(file, "page_count") * _WASTE


def compact(path: Path) -> None:
    """Write the file anew without its empty pages. Writers wait meanwhile."""
    with _connected(path) as file:
        file.execute("VACUUM")


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        raise Conflict("There is no database yet: run flask db upgrade first.")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)) as file:
        yield file
