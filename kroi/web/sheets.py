"""Tables for a spreadsheet, in which nothing that a stranger typed is a formula (OWASP, "CSV injection")."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

_BOM = "\ufeff"  # or some spreadsheets read the file in another coding
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LINES = 200  # in one piece of the answer


def separator(language: str) -> str:
    """What separates columns where that language is spoken: a semicolon where the comma stands in numbers."""
    return "," if language == "en" else ";"


def cell(value: object) -> str:
    """A value as it may stand in a sheet: an apostrophe in front keeps it text where it might be a formula."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def pieces(head: Sequence[object], rows: Iterable[Sequence[object]], language: str) -> Iterator[bytes]:
    """The file in UTF-8, some hundred lines at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator(language), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    buffer.write(_BOM)
    writer.writerow([cell(each) for each in head])
    for number, row in enumerate(rows, 1):
        writer.writerow([cell(each) for each in row])
        if number % _LINES == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")
