"""What a database must be able to do to be backed up and restored; one class for each of the two."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from kroi.operations.backup.rules import Facts


class Scratch(Protocol):
    """A backup's database, restored beside the live one, where it does no harm."""

    def facts(self) -> Facts:
        """What it holds."""

    def take_over(self) -> None:
        """Become the live database, all at once."""


class Store(Protocol):
    """The live database."""

    engine: str

    def server(self) -> str:
        """The database's own version, in words."""

    def dump(self, folder: Path, *, compress: bool, schema_only: bool = False) -> tuple[Path, Facts]:
        """Write a copy into the folder; the facts are the live database's at the very moment of the copy.

        `schema_only`: without rows, except the one that names the schema's revision.
        """

    def scratch(self, dump: Path, folder: Path) -> AbstractContextManager[Scratch]:
        """Restore a copy; raises Invalid when it cannot be read. Gone afterwards, unless it took over."""

    def is_empty(self) -> bool:
        """Has the live database no tables?"""

    def facts(self) -> Facts:
        """What the live database holds."""
