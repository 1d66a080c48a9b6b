"""A file as rows of named cells, before anybody knows what they mean."""

import re
from dataclasses import dataclass, field

_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Picture:
    """A photo that the file names, by a path beside it or by an address; `alt` says what it shows."""

    where: str
    alt: str = ""


@dataclass(frozen=True)
class RawRow:
    """One row: cells by column name, blank ones left out, lists as they are; `fault` is why it cannot be read."""

    number: int
    cells: dict[str, str]
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    fault: str | None = None

    @property
    def is_empty(self) -> bool:
        """Does it say nothing at all?"""
        return not (self.cells or self.lists or self.pictures or self.pairs)


@dataclass(frozen=True)
class Table:
    """A file's columns in their order, its rows, and how it was read, for the person who sent it."""

    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    manner: str


def clean(cell: str) -> str:
    """A cell without control characters and needless white space."""
    if cell.isalnum() and cell.isascii():
        return cell
    return _SPACE.sub(" ", _CONTROL.sub("", cell)).strip()
