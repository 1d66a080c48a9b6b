"""What people type, cleaned of what no name, number or message holds. Letters of every script and emoji stay."""

import re
import unicodedata

# Marks that turn the direction of the words around them: they make a name read as another one.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def one_line(words: str) -> str:
    """A name or a number as one line: control characters and runs of space become one space."""
    words = "".join(" " if unicodedata.category(mark) in ("Cc", "Zl", "Zp") else mark for mark in _clean(words))
    return " ".join(words.split())


def many_lines(words: str) -> str:
    """A message with plain line ends and no control characters but them."""
    words = _clean(words).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(mark for mark in words if mark == "\n" or unicodedata.category(mark) != "Cc").strip()


def _clean(words: str) -> str:
    return _TURNS.sub("", words.replace("\x00", ""))
