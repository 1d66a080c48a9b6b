"""What a look at the database found, as data and as words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

Cell = None | bool | int | float | str
_UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Size:
    """A table: its rows (a good guess), its bytes, those of its indexes, and rows that are dead but not yet cleaned."""

    table: str
    rows: int
    table_bytes: int
    index_bytes: int
    dead_rows: int | None = None
    last_vacuum: str | None = None


@dataclass(frozen=True)
class Index:
    """An index, and how often it was used since the statistics began; `None` where nobody counts."""

    name: str
    table: str
    bytes: int
    used: int | None = None
    needed: bool = False
    """It keeps rows unique, so it is needed also when nobody asks it."""


@dataclass(frozen=True)
class Look:
    """One look. What this database does not count is `None` or empty, and `notes` say so."""

    engine: str
    version: str
    bytes: int
    free_bytes: int
    tables: Sequence[Size]
    indexes: Sequence[Index]
    unused: Sequence[str]
    connections: Mapping[str, int]
    connections_most: int | None
    waiting: Sequence[Mapping[str, Cell]]
    hit_rate: float | None
    slow: Sequence[Mapping[str, Cell]]
    cache: Mapping[str, Cell] | None = None
    notes: Sequence[str] = field(default_factory=list)

    def data(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def unused(indexes: Iterable[Index]) -> list[str]:
    """Indexes that nobody asked and that keep nothing unique."""
    return sorted(each.name for each in indexes if each.used == 0 and not each.needed)


def amount(count: int) -> str:
    """So many bytes, for people."""
    value = float(count)
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable")


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: the first column to the left, the others to the right."""
    if not rows:
        return []
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return ["  ".join(_cells(row, widths)).rstrip() for row in rows]


def _cells(row: Sequence[str], widths: Sequence[int]) -> Iterable[str]:
    for place, (word, width) in enumerate(zip(row, widths, strict=True)):
        yield word.rjust(width) if place else word.ljust(width)
