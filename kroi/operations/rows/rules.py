"""The one spelling of a value that both databases, the archive and every comparison share."""

import enum
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kroi.operations.backup.rules import Table

Value = None | bool | int | str
Row = tuple[Value, ...]
_MOST = 2**128


class Kind(enum.Enum):
    """What a column holds.

    Moments are `2026-11-22T10:00:00.000000Z`, days ISO dates, JSON is sorted and without spaces.
    """

    WHOLE = "whole"
    TEXT = "text"
    YES_NO = "yes_no"
    DAY = "day"
    MOMENT = "moment"
    JSON = "json"


def tidy_json(raw: str) -> str:
    """JSON in its one spelling, whichever database or program wrote it."""
    return json.dumps(json.loads(raw), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def loose_json(value: str) -> str:
    """JSON as the application itself writes it into SQLite."""
    return json.dumps(json.loads(value))


def moment_from_sqlite(raw: str) -> str:
    """SQLite keeps `2026-11-22 10:00:00.000000`; what its own CURRENT_TIMESTAMP wrote has no fraction."""
    return f"{raw[:10]}T{raw[11:]}{'' if '.' in raw else '.000000'}Z"


def moment_to_sqlite(value: str) -> str:
    """The way back."""
    return value.replace("T", " ").removesuffix("Z")


FROM_SQLITE: dict[Kind, Callable[[Any], Value]] = {
    Kind.YES_NO: bool,
    Kind.MOMENT: moment_from_sqlite,
    Kind.JSON: tidy_json,
}
TO_SQLITE: dict[Kind, Callable[[Any], Value]] = {
    Kind.YES_NO: int,
    Kind.MOMENT: moment_to_sqlite,
    Kind.JSON: loose_json,
}
FROM_POSTGRESQL: dict[Kind, Callable[[Any], Value]] = {Kind.JSON: tidy_json}


def respelled(
    rows: Iterable[tuple[Any, ...]], kinds: list[Kind], spellings: dict[Kind, Callable[[Any], Value]]
) -> Iterator[Row]:
    """Rows with each value in another spelling; what has none stays, and so does nothing at all."""
    work = [(place, spellings[kind]) for place, kind in enumerate(kinds) if kind in spellings]
    for row in rows:
        values = list(row)
        for place, spell in work:
            if values[place] is not None:
                values[place] = spell(values[place])
        yield tuple(values)


class Tally:
    """Counts rows while they pass, and sums what they say: the order does not matter, a doubled row does."""

    def __init__(self) -> None:
        self._rows = 0
        self._sum = 0

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows."""
        for row in rows:
            self._rows += 1
            self._sum += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=16).digest())
            yield row

    def result(self) -> Table:
        """What passed so far."""
        return Table(self._rows, f"{self._sum % _MOST:032x}")


def tally_of(rows: Iterable[Row]) -> Table:
    """How many they are, and their checksum."""
    tally = Tally()
    for _row in tally.watch(rows):
        pass
    return tally.result()
