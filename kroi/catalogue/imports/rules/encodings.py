"""Bytes to text, whatever the encoding: UTF-8, UTF-16, Windows-1252, Latin-1, or lines of each."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOK = 4096  # bytes that tell UTF-16 without a mark from binary data


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Every byte becomes some character: nothing is refused here."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace"), name
    if (wide := _wide(content)) is not None:
        return content.decode(wide, errors="replace"), wide
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 3 and error.reason == "unexpected end of data":
            return content[: error.start].decode("utf-8"), "utf-8"  # cut off inside a character
    lines = [_line(line) for line in content.split(b"\n")]
    names = {name for text, name in lines if not text.isascii()}
    return "\n".join(text for text, _ in lines), " and ".join(sorted(names)) or "ascii"


def _wide(content: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of plain text is zero."""
    look = content[: _LOOK - _LOOK % 2]
    half = len(look) // 2
    if half < 2:
        return None
    if look[1::2].count(0) > half * 0.8 and look[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if look[0::2].count(0) > half * 0.8 and look[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _line(line: bytes) -> tuple[str, str]:
    for name in ("utf-8", "cp1252"):
        try:
            return line.decode(name), name
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1"), "latin-1"
