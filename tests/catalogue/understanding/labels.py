"""Reads the labelled queries: what was typed, and the filters and words that are meant by it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kroi.core.text import slug

LANGUAGES = ("fi", "en", "sv", "de")
OPEN, KEPT_ASIDE = "open", "kept_aside"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Labelled:
    """A query and its label. `wanted` holds (parameter, value) pairs as they would stand in an address.

    Money in whole euros, distance in km, power in kW. `rest`: the words that stay a text search, as typed.
    """

    text: str
    language: str
    wanted: frozenset[tuple[str, str]]
    rest: str


def queries(part: str, language: str) -> tuple[Labelled, ...]:
    """The queries of one language in one part, OPEN or KEPT_ASIDE, in the order of the file."""
    entries = _read(_HERE / part / f"queries_{language}.toml")["queries"]
    return tuple(
        Labelled(entry["q"], language, frozenset(_pairs(entry["want"])), entry.get("rest", "")) for entry in entries
    )


def fresh() -> tuple[Labelled, ...]:
    """Queries of all languages that were written after the reader; only their filters are labelled."""
    entries = _read(_HERE / "fresh.toml")["queries"]
    return tuple(Labelled(entry["q"], "", frozenset(_pairs(entry["want"])), "") for entry in entries)


def raw(part: str, language: str) -> list[dict[str, Any]]:
    """The entries of a file as they are written."""
    entries: list[dict[str, Any]] = _read(_HERE / part / f"queries_{language}.toml")["queries"]
    return entries


def vocabulary() -> dict[str, tuple[str, ...]]:
    """The stock's makes and their models by name: what a dealer would have, and what a reader of queries is given."""
    return {make: tuple(models) for make, models in _read(_HERE / "models.toml").items()}


def slugs() -> dict[str, frozenset[str]]:
    """The same by slug: the values that labels use."""
    return {slug(make): frozenset(map(slug, models)) for make, models in vocabulary().items()}


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _pairs(want: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in want.items():
        for each in value if isinstance(value, list) else [value]:
            yield name, str(each)
