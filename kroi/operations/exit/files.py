"""The files of an archive before they are one file: each table as SQLite, CSV and JSON."""

import sqlite3
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from kroi.operations.backup.rules import Table
from kroi.operations.exit import rules, spelling
from kroi.operations.rows import tables
from kroi.operations.rows.rules import Row, Tally
from kroi.operations.rows.stores import Rows

_VERSION_AT, _VERSION = 96, 3_040_000  # which SQLite wrote last stands here, and would be all that differs


def write_all(rows: Rows, dealership_id: int | None, folder: Path) -> dict[str, Table]:
    """Every table, of all or of one dealership, into the folder; how many rows each has, and their checksum."""
    path = folder / rules.DATABASE
    for name in ("csv", "json"):
        (folder / name).mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for manners in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF"):
            file.execute(f"PRAGMA {manners}")
        file.execute("BEGIN")
        found = {
            table.name: _write(file, folder, table, rows.read(table, dealership_id)) for table in tables.parents_first()
        }
        file.execute("COMMIT")
    with path.open("r+b") as raw:
        raw.seek(_VERSION_AT)
        raw.write(struct.pack(">I", _VERSION))
    return found


def _write(file: sqlite3.Connection, folder: Path, table: sa.Table, rows: Iterable[Row]) -> Table:
    names, kinds = tables.names(table), tables.kinds(table)
    columns = ", ".join(
        f'"{name}" {rules.TYPES.get(kind, "TEXT")}{" PRIMARY KEY" if name == "id" else ""}'
        for name, kind in zip(names, kinds, strict=True)
    )
    file.execute(f'CREATE TABLE "{table.name}" ({columns})')
    marks = ", ".join("?" for _ in names)
    tally = Tally()
    file.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', tally.watch(rows))
    _write_text(folder / "csv" / f"{table.name}.csv", spelling.csv_lines(names, read(file, table)))
    _write_text(folder / "json" / f"{table.name}.jsonl", spelling.json_lines(names, kinds, read(file, table)))
    return tally.result()


def read(file: sqlite3.Connection, table: sa.Table) -> Iterator[Row]:
    """Rows of an archive's table by number."""
    kinds = tables.kinds(table)
    columns = ", ".join(f'"{name}"' for name in tables.names(table))
    for row in file.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY id'):
        yield tuple(spelling.in_kind(value, kind) for value, kind in zip(row, kinds, strict=True))


def opened(path: Path) -> closing[sqlite3.Connection]:
    """An archive's database, to be read only."""
    file = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    file.execute("PRAGMA trusted_schema = OFF")
    return closing(file)


def _write_text(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
