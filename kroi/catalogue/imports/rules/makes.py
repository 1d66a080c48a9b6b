"""Makes and models: one name for each, whatever a file calls them."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from kroi.catalogue.imports.rules.wordlists import word_set
from kroi.catalogue.imports.rules.words import OTHERS
from kroi.core.text import fold

_FILE = Path(__file__).with_name("makes.toml")
_WORD = re.compile(r"[a-z0-9+#]+")
_MOST_WORDS = 4  # of a model's name
# How four languages say "a family of models", after the letter or digit that names it.
_SERIES = re.compile(r"([^\W_]{1,2})[\s_-]*(?:er|er[\s_-]*reihe|reihe|serie|serien|series|sarja)$", re.IGNORECASE)
_CLASS = re.compile(r"([^\W_]{1,3})[\s_-]*(?:klasse|klass|klassen|class|luokka|sarja)$", re.IGNORECASE)
_BODY_WORDS = word_set(
    "door doors mpv van vans wagon pickup coupe sedan suv convertible hatchback truck cab cutaway chassis bus cargo",
    "utility passenger vehicl vehicle auto car pkw hybrid limited sport series estate",
)


@dataclass(frozen=True)
class _Knowledge:
    """Makes by any spelling, models by make and spelling, and the make of models that only one make has."""

    makes: dict[str, str]
    models: dict[str, dict[str, str]]
    owners: dict[str, str]


def words(text: str) -> list[str]:
    """The words of a name as they are compared: `Mercedes-Benz E 220` is mercedes, benz, e, 220."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=65_536)
def compact(text: str) -> str:
    """A name as it is compared when blanks and hyphens do not count."""
    return "".join(words(text))


@cache
def _known() -> _Knowledge:
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    makes: dict[str, str] = {}
    models: dict[str, dict[str, str]] = {}
    for make, entry in entries.items():
        makes |= {compact(spelling): make for spelling in (make, *entry.get("also", ()))}
        names = [name.strip() for name in entry["models"].split(",")]
        spellings = {compact(name): name for name in reversed(names)}
        same = {compact(other): name for name, others in entry.get("same", {}).items() for other in others}
        models[make] = spellings | same
    times = Counter(model for spellings in models.values() for model in spellings)
    owners = {
        model: make
        for make, spellings in models.items()
        for model in spellings
        if times[model] == 1 and len(model) >= 4 and model.isalpha()
    }
    return _Knowledge(makes, models, owners)


@lru_cache(maxsize=4096)
def make_of(text: str) -> str | None:
    """The one name of the make that is written so: `VW` is Volkswagen; `None` for a make never heard of."""
    return _known().makes.get(compact(text))


def make_at(tokens: Sequence[str], start: int = 0) -> tuple[str, int] | None:
    """The make that is named from this word on, and by how many words."""
    for count in range(min(3, len(tokens) - start), 0, -1):
        make = _known().makes.get("".join(tokens[start : start + count]))
        if make:
            return make, count
    return None


@lru_cache(maxsize=16_384)
def known_model(make: str, text: str) -> str | None:
    """The make's model that is written so, or `None`."""
    spellings = _known().models.get(make, {})
    return spellings.get(compact(text)) or spellings.get(compact(family(make, text)))


def model_at(make: str, tokens: Sequence[str], start: int = 0) -> tuple[str, int] | None:
    """The make's model that is named from this word on, the longest there is, and by how many words."""
    spellings = _known().models.get(make, {})
    for count in range(min(_MOST_WORDS, len(tokens) - start), 0, -1):
        model = spellings.get("".join(tokens[start : start + count]))
        if model:
            return model, count
    return None


def make_spellings() -> Mapping[str, str]:
    """Every spelling of a make, compact, and the make's one name."""
    return _known().makes


def model_spellings(make: str) -> Mapping[str, str]:
    """Every spelling of the make's models, compact, and the model's one name."""
    return _known().models.get(make, {})


def owner_of(model: str) -> str | None:
    """The only make that has a model of this name: everybody knows who builds the Focus."""
    return _known().owners.get(compact(model))


def only_maker(models: Mapping[str, int]) -> str | None:
    """The make that builds nine tenths of these models (with how often each is named), when no other comes near."""
    total, known = sum(models.values()), _known().models
    shares = {make: sum(n for model, n in models.items() if compact(model) in known[make]) for make in known}
    first, second = sorted(shares, key=lambda make: -shares[make])[:2]
    return first if total and shares[first] >= 0.9 * total and shares[second] <= 0.6 * total else None


@lru_cache(maxsize=4096)
def pretty_make(text: str) -> str | None:
    """The make's name, also of one never heard of; `None` when the word only says "some other make"."""
    if " ".join(words(text)) in OTHERS or not any(mark.isalpha() for mark in text):
        return make_of(text)
    return make_of(text) or _pretty(text)


@lru_cache(maxsize=16_384)
def pretty_model(make: str, text: str) -> str | None:
    """The model's name, also of one never heard of; `None` when the word only says "some other model"."""
    if not words(text) or " ".join(words(text)) in OTHERS:
        return None
    return known_model(make, text) or _pretty(family(make, text))


def is_body_word(model: str) -> bool:
    """Does the model's column hold a word that names no model (`door`, `mpv`)?"""
    return compact(model) in _BODY_WORDS


def family(make: str, text: str) -> str:
    """`3er` and `3-sarja` are the 3 Series, `c_klasse` and `C-luokka` the C-Class; anything else stays as it is."""
    plain = text.strip().casefold()
    letters = _CLASS.fullmatch(plain)
    if letters and (make == "Mercedes-Benz" or not plain.endswith("sarja")):
        return f"{letters[1].upper()}-Class"
    series = _SERIES.fullmatch(plain)
    is_word = series and plain.endswith("er") and not series[1].isdigit()
    return f"{series[1].upper()} Series" if series and not is_word else text


def family_stem(make: str, text: str) -> str | None:
    """What the models of a family begin with (`2_reihe` is 2), when the family itself is no model of the make."""
    whole = family(make, text)
    return compact(whole.removesuffix(" Series")) if whole.endswith(" Series") and whole != text else None


def _pretty(text: str) -> str:
    """A name in a dealer's spelling, calmed: `heartland` is Heartland, `f-650` F-650, `OUTBACK` Outback."""
    plain = text.replace("_", " ").strip()
    if not (plain.islower() or (plain.isupper() and len(plain) > 4) or plain != text.strip()):
        return plain
    return re.sub(r"[^\s/-]+", lambda word: _pretty_word(word[0]), plain)


def _pretty_word(word: str) -> str:
    if not (word.islower() or word.isupper()):
        return word
    short = len(word) <= 2 or not re.search(r"[aeiouyäöåü]", word.casefold())
    return word.upper() if short or any(mark.isdigit() for mark in word) else word.capitalize()
