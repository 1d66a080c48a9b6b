"""Rows of a SQLite file."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice

import sqlalchemy as sa

from kroi.operations.rows import rules, tables
from kroi.operations.rows.rules import Row

_BATCH = 2_000  # rows at a time


class SqliteRows:
    """Reads and writes through one connection, whose transactions are the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self, table: sa.Table) -> int:
        """Rows of a table."""
        return int(self._connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0])

    def read(self, table: sa.Table, dealership_id: int | None = None) -> Generator[Row]:
        """Rows of a table by number; all, or one dealership's. Who stops before the end closes it."""
        wanted = "" if dealership_id is None else f' WHERE "{tables.owner_column(table)}" = {int(dealership_id)}'
        query = f'SELECT {_list(table)} FROM "{table.name}"{wanted} ORDER BY id'
        with closing(self._connection.execute(query)) as found:
            yield from rules.respelled(found, tables.kinds(table), rules.FROM_SQLITE)

    def write(self, table: sa.Table, rows: Iterable[Row]) -> None:
        """Add rows."""
        marks = ", ".join("?" for _ in tables.names(table))
        words = f'INSERT INTO "{table.name}" ({_list(table)}) VALUES ({marks})'
        spelled = rules.respelled(rows, tables.kinds(table), rules.TO_SQLITE)
        while batch := list(islice(spelled, _BATCH)):
            self._connection.executemany(words, batch)

    def clear(self, table: sa.Table, dealership_id: int | None = None) -> int:
        """Remove all rows, or one dealership's; how many."""
        wanted = "" if dealership_id is None else f' WHERE "{tables.owner_column(table)}" = {int(dealership_id)}'
        return self._connection.execute(f'DELETE FROM "{table.name}"{wanted}').rowcount

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """In the block rows may also leave tables that are only added to; undone with the transaction."""
        locks = self._connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, -10) = '_no_delete'"
        ).fetchall()
        for name, _words in locks:
            self._connection.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, words in locks:
            self._connection.execute(words)

    def finish(self) -> None:
        """Nothing stands outside the rows here; raises ValueError when one refers to nothing."""
        found = self._connection.execute("PRAGMA foreign_key_check").fetchone()
        if found:
            raise ValueError(f"a row of {found[0]} refers to one of {found[2]} that is not there")


def _list(table: sa.Table) -> str:
    return ", ".join(f'"{name}"' for name in tables.names(table))
