"""What four languages call the same feature, so that a car is found by any of its names."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kroi.core.text import fold

_FILE = Path(__file__).with_name("synonyms.toml")
_EDGES = ".,:;!?()[]/*\"'+-•·"
_Words = tuple[str, ...]


def synonyms(folded: str) -> str:
    """The other names of the features that a folded text names, folded."""
    words = [word.strip(_EDGES) for word in folded.split()]
    by_first, found = _by_first_word(), dict[str, None]()
    for at, word in enumerate(words):
        for phrase, names in by_first.get(word, ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                found |= dict.fromkeys(names)
    return " ".join(name for name in found if name not in folded)


@cache
def _by_first_word() -> Mapping[str, list[tuple[_Words, _Words]]]:
    """Every name by its first word, with all the names of its feature."""
    found: dict[str, list[tuple[_Words, _Words]]] = defaultdict(list)
    for line in tomllib.loads(_FILE.read_text(encoding="utf-8")).values():
        names = tuple(fold(name.strip()) for name in line.split(","))
        for name in names:
            phrase = tuple(word.strip(_EDGES) for word in name.split())
            found[phrase[0]].append((phrase, names))
    return found
