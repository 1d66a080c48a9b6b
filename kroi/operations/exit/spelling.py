"""How an archive spells its rows for other programs, and reads them again."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from kroi.operations.rows.rules import Kind, Row, Value
from kroi.web.sheets import cell


def csv_lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """For spreadsheets: nothing that a stranger typed is a formula there, and yes and no are words."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_in_sheet(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _in_sheet(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else cell(value)


def json_lines(names: Sequence[str], kinds: Sequence[Kind], rows: Iterable[Row]) -> Iterator[str]:
    """For programs: one row is one object on one line, exact to the last character."""
    for row in rows:
        fields = zip(names, kinds, row, strict=True)
        values = {name: _in_json(value, kind) for name, kind, value in fields}
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _in_json(value: Value, kind: Kind) -> object:
    return json.loads(value) if kind is Kind.JSON and isinstance(value, str) else value


def in_kind(value: object, kind: Kind) -> Value:
    """A value from an archive's table; raises ValueError for one that cannot be there."""
    if value is None:
        return None
    if kind is Kind.YES_NO:
        return bool(value)
    if not isinstance(value, int if kind is Kind.WHOLE else str):
        raise ValueError(f"a value that is no {kind.value}")
    return value
