"""Words as machines compare them: folded, slugged, shortened."""

import re
import unicodedata

# No database takes the first; the others turn the direction of the words around them: a name reads as another one.
_NEVER_MEANT = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")
_UNFOLDED = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})


def meant(words: str) -> str:
    """What somebody typed without the marks that nobody types: NUL, and those that turn words around."""
    return _NEVER_MEANT.sub("", words)


def fold(words: str) -> str:
    """Lower case without diacritics: `Škoda Ä` becomes `skoda a`."""
    if words.isascii():
        return words.lower()
    decomposed = unicodedata.normalize("NFKD", words.casefold().translate(_UNFOLDED))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def slug(words: str) -> str:
    """The part of an address for these words: `Mercedes-Benz` becomes `mercedes-benz`; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")


def shorten(words: str, most: int) -> str:
    """At most `most` characters, cut at a word where there is one, with an ellipsis."""
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,.;:") + "…"


def initials(name: str) -> str:
    """Up to two capitals for a name: `Anna-Kaisa Väänänen` becomes `AV`."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()
