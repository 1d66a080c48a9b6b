"""Text with separators (CSV and its kin) to rows of cells."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from kroi.catalogue.imports.rules.tables import RawRow, Table, clean
from kroi.core.errors import Invalid

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MOST_CELL = 1_000_000  # characters; a longer cell is no cell
_SAID = re.compile(r"sep=([,;|\t])")
_LOOK = 60  # records that tell the separator
_MOST_REPAIRS = 20
_END = "\x1e"  # no real line holds a record separator alone: it shows whether the last quote was closed

UNCLOSED = "A quotation mark is opened in this row and never closed."
BROKEN_OFF = "The file breaks off in the middle of this row."
TOO_MANY = "This row has more cells than there are columns."
TOO_LONG = "A cell of this row is longer than a million characters."


def read(text: str, separator: str | None = None) -> Table:
    """The table that the text holds; raises Invalid when there is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace(_END, "").split("\n")
    if said := _SAID.fullmatch(lines[0]):  # a spreadsheet's own way of naming its separator
        separator, lines = separator or said[1], lines[1:]
    separator = separator or find_separator(lines)
    records = [record for record in _records(lines, separator) if record[0] or record[1]]
    if not records:
        raise Invalid("The file is empty.")
    names, body = _head(records[0][0]), records[1:]
    complete = not lines[-1]  # the file ends with a line's end
    rows = tuple(
        _row(number, names, cells, fault, complete or number < len(body))
        for number, (cells, fault) in enumerate(body, 1)
    )
    return Table(names, rows, f"separated by {SEPARATORS.get(separator, repr(separator))}")


def find_separator(lines: Sequence[str]) -> str:
    """The separator that gives most rows the same number of cells, and more than one."""
    return max(SEPARATORS, key=lambda each: (_regularity(lines, each), -list(SEPARATORS).index(each)))


def _regularity(lines: Sequence[str], separator: str) -> float:
    widths = [len(cells) for cells, _ in islice(_records(lines[: _LOOK * 20], separator), _LOOK) if cells]
    if not widths:
        return 0.0
    width, times = Counter(widths).most_common(1)[0]
    return 0.0 if width < 2 else times / len(widths) + min(width, 50) / 1000 + (widths[0] == width)


def _records(lines: Sequence[str], separator: str) -> Iterator[tuple[list[str], str | None]]:
    """Every record with its fault. A quote that is never closed costs its own line, and not the rest of the file."""
    start = 0
    for attempt in range(_MOST_REPAIRS + 1):
        reader = csv.reader(
            _with_end(lines, start),
            delimiter=separator,
            quoting=csv.QUOTE_NONE if attempt == _MOST_REPAIRS else csv.QUOTE_MINIMAL,
        )
        while True:
            before = start + reader.line_num
            try:
                cells = next(reader)
            except csv.Error:
                yield [], TOO_LONG
                continue
            if cells == [_END]:
                return
            if cells and _END in cells[-1]:
                yield next(csv.reader([lines[before]], delimiter=separator, quoting=csv.QUOTE_NONE)), UNCLOSED
                start = before + 1
                break
            yield cells, None


def _with_end(lines: Sequence[str], start: int) -> Iterator[str]:
    for line in islice(lines, start, None):
        yield line + "\n"
    yield _END


def _head(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names, each once: the second `price` is `price (2)`, one without a name is `column 3`."""
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(cells, 1):
        name = clean(cell) or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _row(number: int, names: tuple[str, ...], cells: list[str], fault: str | None, complete: bool) -> RawRow:
    if fault is None and len(cells) < len(names) and not complete:
        fault = BROKEN_OFF
    if fault is None and len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        fault = TOO_MANY
    named = {name: text for name, cell in zip(names, cells, strict=False) if cell and (text := clean(cell))}
    return RawRow(number, named, fault=fault)


csv.field_size_limit(MOST_CELL)
