"""What a database must be able to do to be left, or to be moved into; one class for each of the two."""

from contextlib import AbstractContextManager
from typing import Protocol

from kroi.operations.rows.stores import Rows


class Held(Protocol):
    """A database that nobody else writes to."""

    @property
    def rows(self) -> Rows:
        """What it holds."""

    def leave(self) -> None:
        """Let nobody write to it once the hold has ended: its rows live elsewhere now."""


class End(Protocol):
    """One of the two databases of a switch."""

    engine: str

    def revision(self) -> str:
        """The migration that its schema is at; empty when there is none."""

    def check_idle(self) -> None:
        """Raises Conflict while somebody else is connected."""

    def check_free(self) -> None:
        """May we build in it? Raises Conflict when it holds rows that no switch left behind."""

    def held(self) -> AbstractContextManager[Held]:
        """Keep everybody else out until the block ends, also when this process is killed. Raises Conflict."""

    def filling(self) -> AbstractContextManager[Rows]:
        """The newest schema without rows, which nobody sees yet.

        When the block ends well it is there, whole, and until `settle` it may be thrown away again; else it never was.
        """

    def throw_away(self) -> None:
        """What was kept is not wanted after all."""

    def settle(self) -> None:
        """It is the one in use now."""
