"""A file as it comes (packed, in any encoding, CSV or JSON) to a table, or the sentence why it is none."""

import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from kroi.catalogue.imports.rules import encodings, nested, separated
from kroi.catalogue.imports.rules.tables import Table
from kroi.core.errors import Invalid

MOST_BYTES = 200_000_000  # of the unpacked file
MOST_COLUMNS = 5_000  # the widest real list has some hundreds; guessing what each means takes time
_BOMB_FROM, _BOMB_TIMES = 20_000_000, 100  # bytes from which, and times by which, no list of cars shrinks
_STARTS = (
    (b"PK\x03\x04", "This is a ZIP archive or an Excel workbook. Save it as CSV, or unpack it, and import that."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook. Save it as CSV and import that."),
    (b"%PDF", "This is a PDF. An import needs CSV or JSON."),
    (b"SQLite format 3", "This is a database. An import needs CSV or JSON."),
    (b"\xff\xd8\xff", "This is a picture. An import needs CSV or JSON."),
    (b"\x89PNG", "This is a picture. An import needs CSV or JSON."),
    (b"GIF8", "This is a picture. An import needs CSV or JSON."),
    (b"RIFF", "This is a picture or a film. An import needs CSV or JSON."),
    (b"BZh", "This is a bzip2 archive. Unpack it, or pack it with gzip."),
    (b"7z\xbc\xaf", "This is a 7-Zip archive. Unpack it and import what is inside."),
    (b"\xfd7zXZ", "This is an xz archive. Unpack it, or pack it with gzip."),
    (b"\x7fELF", "This is a program. An import needs CSV or JSON."),
)
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Content:
    """What a file holds, unpacked, and the digest that says whether it is the same file again."""

    data: bytes
    digest: str
    packed: bool


def load(path: Path) -> Content:
    """The file's bytes, unpacked; raises Invalid when it cannot be read or would unpack to too much."""
    try:
        with path.open("rb") as file:
            stored = file.read(MOST_BYTES + 1)
    except IsADirectoryError as error:
        raise Invalid("This is a folder. Name the file in it.") from error
    except FileNotFoundError as error:
        raise Invalid("There is no such file.") from error
    except OSError as error:
        raise Invalid(f"The file cannot be read: {(error.strerror or 'unknown reason').lower()}.") from error
    packed = stored.startswith(_GZIP)
    data = _unpacked(stored) if packed else stored
    if len(data) > MOST_BYTES:
        raise Invalid(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    return Content(data, hashlib.sha256(data).hexdigest(), packed)


def read_table(content: Content, *, separator: str | None = None, records: str | None = None) -> Table:
    """The table in the file; raises Invalid with the sentence why there is none."""
    for start, sentence in _STARTS:
        if content.data.startswith(start):
            raise Invalid(sentence)
    text, encoding = encodings.decode(content.data)
    text = text.removeprefix("\ufeff")
    _refuse_binary(text)
    beginning = text.lstrip()[:200].casefold()
    if beginning.startswith(("<!doctype", "<html", "<?xml", "<")):
        raise Invalid("This is a web page or XML. An import needs CSV or JSON.")
    as_json = beginning.startswith(("{", "["))
    table = nested.read(text, records) if as_json else separated.read(text, separator)
    if len(table.columns) > MOST_COLUMNS:
        raise Invalid(f"The file has more than {MOST_COLUMNS:,} columns. An import needs one row for each car.")
    manner = ", ".join([encoding, table.manner, *(["gzip"] if content.packed else [])])
    return Table(table.columns, table.rows, manner)


def _unpacked(stored: bytes) -> bytes:
    """What gzip packed, as far as it goes: an archive that was cut off still holds its first rows."""
    parts: list[bytes] = []
    size = 0
    with gzip.GzipFile(fileobj=io.BytesIO(stored)) as file:
        while size <= MOST_BYTES:
            try:
                part = file.read1(1 << 20)
            except (EOFError, OSError, zlib.error) as error:
                if not parts:
                    raise Invalid("The gzip archive is damaged.") from error
                break
            if not part:
                break
            parts.append(part)
            size += len(part)
            if size > max(_BOMB_FROM, _BOMB_TIMES * len(stored)):
                raise Invalid("The gzip archive unpacks to far more than a list of cars does.")
    return b"".join(parts)


def _refuse_binary(text: str) -> None:
    """Text has few control characters; a stray zero byte in a real file is none of our business."""
    look = text[:100_000]
    odd = sum(1 for mark in look if mark < " " and mark not in "\t\n\r\x0b\x0c")
    if odd > max(len(look) // 50, 5):
        raise Invalid("This is not text. An import needs CSV or JSON.")
