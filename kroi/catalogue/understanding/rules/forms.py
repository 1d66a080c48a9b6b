"""Words that are not in a list as they stand: with an ending, put together of others, or with a slip in them."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kroi.catalogue.understanding.rules.lexicon import Kind, Senses, lexicon

_SHORTEST_STEM, _SHORTEST_HEAD = 4, 4
# First letters that sound alike, so that a slip may begin a word.
_ALIKE = [set(letters) for letters in ("vwf", "ckqsz", "jyi", "td", "pb", "gk", "uo", "ae")]


def inflected(key: str) -> str | None:
    """The word that this is a form of: `katumaasturia` is katumaasturi."""
    known = lexicon().stems
    for ending in lexicon().endings:
        stem = key[: -len(ending)]
        if len(stem) >= _SHORTEST_STEM and key.endswith(ending) and stem in known:
            return known[stem]
    return None


def compound(key: str) -> tuple[Senses, ...]:
    """What the parts mean of a word that is put together of values: dieselkombi, hybridauto, tummansininen."""
    words = lexicon()
    for end in range(len(key) - 2, 2, -1):
        head, tail = key[:end], key[end:]
        if head in words.shades:
            colour = _value(tail)
            if colour and colour[Kind.VALUE][0] == "colour":
                return (colour,)
        first = _value(head) if end >= _SHORTEST_HEAD else None
        if first is None:
            continue
        second = _value(tail) if len(tail) >= _SHORTEST_HEAD else None
        if second:
            return (first, second)
        if tail in words.tails:
            return (first,)
    return ()


def _value(key: str) -> Senses | None:
    words = lexicon()
    senses = words.senses.get(key) or words.senses.get(inflected(key) or "")
    return senses if senses and Kind.VALUE in senses else None


class Slips:
    """Finds the word that was meant by one with a letter too many, too few, wrong or in the wrong place."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(set(words)):
            self._by_length[len(word)].append(word)
        self._found: dict[str, str | None] = {}

    def meant(self, key: str) -> str | None:
        """The closest word, when it is close enough; the longer a word, the more may be wrong."""
        if key not in self._found:
            if len(self._found) > 5_000:
                self._found.clear()
            self._found[key] = self._closest(key) if 4 <= len(key) <= 24 else None
        return self._found[key]

    def _closest(self, key: str) -> str | None:
        most = 1 if len(key) < 8 else 2
        near = [word for length in range(len(key) - most, len(key) + most + 1) for word in self._by_length[length]]
        found = process.extract(key, near, scorer=OSA.distance, score_cutoff=most, limit=8)
        close = [(distance, word[0] != key[0], word) for word, distance, _at in found if _is_slip(key, word)]
        return min(close)[-1] if close else None


def _is_slip(key: str, word: str) -> bool:
    """Short words are only taken for others that hold the same letters, or one more."""
    if len(key) == 4:
        return sorted(key) == sorted(word) or (len(word) == 5 and word[0] == key[0] and len(word) > len(key))
    return word[0] == key[0] or word[:2] == key[1::-1] or len(key) >= 8 or _alike(key[0], word[0])


def _alike(one: str, other: str) -> bool:
    return any(one in letters and other in letters for letters in _ALIKE)
