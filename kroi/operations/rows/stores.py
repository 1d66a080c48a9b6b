"""What reading and writing rows looks like, whichever database they are in."""

from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

import sqlalchemy as sa

from kroi.operations.rows.rules import Row


class Rows(Protocol):
    """All rows of a database, table by table, in the spelling of `rules`."""

    def count(self, table: sa.Table) -> int:
        """Rows of a table."""

    def read(self, table: sa.Table, dealership_id: int | None = None) -> Generator[Row]:
        """Rows of a table by number; all, or one dealership's. Who stops before the end closes it."""

    def write(self, table: sa.Table, rows: Iterable[Row]) -> None:
        """Add rows."""

    def clear(self, table: sa.Table, dealership_id: int | None = None) -> int:
        """Remove all rows, or one dealership's; how many."""

    def unlocked(self) -> AbstractContextManager[None]:
        """In the block rows may also leave tables that are only added to."""

    def finish(self) -> None:
        """Do what is to be done once all rows are there; raises ValueError when they do not fit together."""
