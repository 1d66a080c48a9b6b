"""The words of four languages, by the form in which they are compared, and what each may mean."""

import enum
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kroi.catalogue.imports.rules import words as imported
from kroi.catalogue.understanding.rules.chunks import key_of, keys_of, phrases

_FOLDER = Path(__file__).parent
_FACETS = ("body", "fuel", "transmission", "drive", "colour")
_IMPORTED: dict[str, Mapping[Any, str]] = {
    "body": imported.BODY,
    "transmission": imported.TRANSMISSION,
    "drive": imported.DRIVE,
    "colour": imported.COLOUR,
}


class Kind(enum.StrEnum):
    """What part a word plays. A word may play several; its place decides."""

    VALUE = "value"
    MAKE = "make"
    MODEL = "model"
    NUMBER = "number"
    BOUND = "bound"
    AFTER = "after"
    JOIN = "join"
    BETWEEN = "between"
    OPENER = "opener"
    UNIT = "unit"
    FIELD = "field"
    NOT = "not"
    OR = "or"
    DROP = "drop"
    SORT = "sort"
    SHADE = "shade"
    TEXT = "text"


Senses = dict[Kind, tuple[str, str]]
_SINGLE = {  # sections with one meaning for all their words
    ("asks", "not"): Kind.NOT,
    ("asks", "or"): Kind.OR,
    ("asks", "drop"): Kind.DROP,
    ("joins", "always"): Kind.JOIN,
    ("joins", "between"): Kind.BETWEEN,
    ("joins", "openers"): Kind.OPENER,
}
_NAMED = {"bounds": Kind.BOUND, "after": Kind.AFTER, "units": Kind.UNIT, "fields": Kind.FIELD, "sort": Kind.SORT}


@dataclass(frozen=True)
class Lexicon:
    """All that is known without a dealer's stock."""

    senses: Mapping[str, Senses]
    known: frozenset[str]
    """Words that are no slips of others."""
    likely: tuple[str, ...]
    """Words that others may be slips of."""
    stems: Mapping[str, str]
    """Beginnings of inflected words, and the words."""
    numbers: Mapping[str, int]
    endings: tuple[str, ...]
    name_endings: tuple[str, ...]
    """The longest first."""
    tails: frozenset[str]
    shades: frozenset[str]
    adjectives: Mapping[str, str]
    fillers: frozenset[str]
    nouns: Mapping[str, frozenset[str]]


def data(name: str) -> dict[str, Any]:
    """One of the word lists beside this module."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def lexicon() -> Lexicon:
    """The words, read once."""
    values, grammar, text = data("values"), data("grammar"), data("text")
    senses: dict[str, Senses] = {}
    _add(senses, _values(values))
    _add(senses, _grammar(grammar))
    _add(senses, ((phrase, Kind.TEXT, "", "") for phrase in phrases(text["phrases"])))
    shades = _keys(values["compounds"]["shades"])
    for shade in shades:
        senses.setdefault(shade, {}).setdefault(Kind.SHADE, ("", ""))
    adjectives = {key: name for name in _facet_names(text["nouns"]) for key in _keys(text["adjectives"].get(name, ""))}
    nouns = {name: _keys(lines) for name, lines in text["nouns"].items()}
    single = {key for key, meant in senses.items() if Kind.TEXT not in meant}
    return Lexicon(
        senses=senses,
        known=frozenset(senses) | _parts(values, grammar, text) | frozenset().union(*nouns.values()),
        likely=tuple(key for key in sorted(single) if _may_be_missed(key, senses[key])),
        stems={stem: key for key in sorted(single) if Kind.VALUE in senses[key] for stem in _stems(key)},
        numbers={key: int(number) for number, lines in grammar["numbers"].items() for key in _keys(lines)},
        endings=_endings(values["compounds"]["endings"]),
        name_endings=_endings(values["compounds"]["name_endings"]),
        tails=_keys(values["compounds"]["tails"]),
        shades=shades,
        adjectives=adjectives,
        fillers=_keys(text["adjectives"]["fillers"]),
        nouns=nouns,
    )


def _facet_names(nouns: Mapping[str, str]) -> Iterator[str]:
    return (name for name in nouns if name not in ("colour", "body"))


def _endings(lines: str) -> tuple[str, ...]:
    return tuple(sorted(phrases(lines), key=lambda ending: (-len(ending), ending)))


def _keys(lines: str) -> frozenset[str]:
    return frozenset(key for phrase in phrases(lines) for key in keys_of(phrase))


def _values(values: dict[str, Any]) -> Iterator[tuple[str, Kind, str, str]]:
    unlike = {key_of(word) for word in phrases(values["unlike"]["words"])}
    for facet in _FACETS:
        for meaning, line in _IMPORTED.get(facet, {}).items():
            yield from ((word, Kind.VALUE, facet, meaning) for word in line.split() if key_of(word) not in unlike)
    for facet in _FACETS:
        for meaning, lines in values[facet].items():
            yield from ((phrase, Kind.VALUE, facet, meaning) for phrase in phrases(lines))


def _grammar(grammar: dict[str, Any]) -> Iterator[tuple[str, Kind, str, str]]:
    for (section, name), kind in _SINGLE.items():
        yield from ((phrase, kind, "", "") for phrase in phrases(grammar[section][name]))
    for section, kind in _NAMED.items():
        for name, lines in grammar[section].items():
            yield from ((phrase, kind, name, "") for phrase in phrases(lines))


def _add(senses: dict[str, Senses], entries: Iterable[tuple[str, Kind, str, str]]) -> None:
    """A later list wins within a kind."""
    for phrase, kind, name, value in entries:
        for key in keys_of(phrase):
            senses.setdefault(key, {})[kind] = (name, str(value))


def _parts(*lists: Any) -> frozenset[str]:
    """Every single word of these lists."""
    found: set[str] = set()
    for each in lists:
        if isinstance(each, str):
            found |= {key for word in each.replace(",", " ").split() for key in keys_of(word)}
        else:
            found |= _parts(*each.values())
    return frozenset(found)


def _may_be_missed(key: str, meant: Senses) -> bool:
    """Long enough that a slip in it can be told from another word?"""
    worth = {Kind.VALUE, Kind.SORT, Kind.FIELD, Kind.BOUND, Kind.UNIT, Kind.NOT} & set(meant)
    return bool(worth) and key.isalpha() and len(key) >= (5 if Kind.VALUE in meant else 6)


def _stems(key: str) -> Iterator[str]:
    """How the word may begin when an ending follows: `punainen` as punaise(n), `automaatti` as automaati(n)."""
    yield key
    if key.endswith("nen"):
        yield from (key[:-3] + "s", key[:-3] + "se", key[:-3] + "si")
    if len(key) > 4 and key[-2] == key[-3] and key[-2] in "tkp":
        yield key[:-2] + key[-1]
