"""Cuts what was typed into words, and words with digits into their parts."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kroi.catalogue.imports.rules.makes import compact
from kroi.core.text import fold

LONGEST = 200  # characters that are read
MOST = 40  # words that are read
_WORD = re.compile(r"\"[^\"]{1,120}\"|(?:[^\s,;\"]|(?<=\d),(?=\d))+")
_WHOLE_PRICE = re.compile(r"(?<=\d)\s?[,.:]-(?!\d)")  # "8000,-"
_EDGES = '()[]!?:"*'
_PART = re.compile(r"\d+(?:[.,'’]\d{3})+(?!\d)|\d+(?:[.,]\d+)?|-->|->|=>|<=|>=|[.]{2,}|[^\W\d_]+[.]?|[^\s\w]")
_DASHES = str.maketrans("–—−", "---")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """A word as typed, folded, and as it is compared (`id.4` is id4); `exact`: it stood in quotes."""

    raw: str
    folded: str
    key: str
    exact: bool = False


def cut(text: str) -> list[Chunk]:
    """The first words of the text, without what surrounds them."""
    text = _WHOLE_PRICE.sub("€ ", text[:LONGEST].replace("\x00", ""))
    found = (_chunk(match[0]) for match in _WORD.finditer(text))
    return [chunk for chunk in found if chunk.folded][:MOST]


def _chunk(raw: str) -> Chunk:
    if raw.startswith('"'):
        return Chunk(raw, raw, "", exact=True)
    folded = fold(raw).translate(_DASHES).strip(_EDGES)
    return Chunk(raw, folded, key_of(folded))


@lru_cache(maxsize=65_536)
def key_of(text: str) -> str:
    """A word or phrase as it is compared: blanks, hyphens and dots do not count, unless there is nothing else."""
    return compact(text) or "".join(fold(text).split())


def keys_of(phrase: str) -> set[str]:
    """All the keys of a phrase: `höchstens` is also typed hoechstens."""
    return {key_of(phrase), key_of(phrase.translate(_UMLAUTS))} - {""}


def parts_of(folded: str) -> list[str]:
    """`15t€` is 15, t, €; `2015-18` is 2015, -, 18."""
    return _PART.findall(folded)


def phrases(lines: str) -> list[str]:
    """The phrases of a word list, which commas part."""
    return [" ".join(phrase.split()) for phrase in lines.split(",") if phrase.strip()]
