"""What is kept of a statement and of its time: never a value, and never more than a bounded amount."""

import re
from collections.abc import Iterable

BOUNDS_MS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000)
"""Upper bounds of the buckets that durations are counted in; what took longer is in one bucket more."""

LONGEST = 600  # characters of a statement
_LISTS = re.compile(r"\(\s*(?:%\([^)]*\)s|%s|\?)(?:::[A-Z ]+)?(?:,\s*(?:%\([^)]*\)s|%s|\?)(?:::[A-Z ]+)?)+\s*\)")
_NAMED = re.compile(r"%\([^)]*\)s")
_WORDS = re.compile(r"'(?:[^']|'')*'")
_NUMBERED = re.compile(r"\b(sa_savepoint)_\d+")


def shape(statement: str) -> str:
    """The statement in one line without anything that differs from time to time: lists, literals, names of values."""
    plain = _LISTS.sub("(…)", statement)
    plain = _NAMED.sub("?", _WORDS.sub("'…'", plain)).replace("%s", "?")
    plain = " ".join(_NUMBERED.sub(r"\1", plain).split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def places(frames: Iterable[tuple[str, int, str]], root: str) -> str:
    """Code places (file, line, function) of our own code, outermost first, as words for a log."""
    ours = [f"{file.removeprefix(root)}:{line} {name}" for file, line, name in frames if file.startswith(root)]
    return " > ".join(reversed(ours)) or "outside our own code"
