"""What people type, cleaned of what no name, number or message holds. Letters of every script and emoji stay."""

import unicodedata

from kroi.core.text import meant


def one_line(words: str) -> str:
    """A name or a number as one line: control characters and runs of space become one space."""
    words = "".join(" " if unicodedata.category(mark) in ("Cc", "Zl", "Zp") else mark for mark in meant(words))
    return " ".join(words.split())


def many_lines(words: str) -> str:
    """A message with plain line ends and no control characters but them."""
    words = meant(words).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(mark for mark in words if mark == "\n" or unicodedata.category(mark) != "Cc").strip()
