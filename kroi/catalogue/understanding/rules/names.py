"""Makes and models: the dealer's own names, however shoppers spell them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from kroi.catalogue.imports.rules import makes as imported
from kroi.catalogue.understanding.rules.chunks import key_of, keys_of, phrases
from kroi.catalogue.understanding.rules.forms import Slips
from kroi.catalogue.understanding.rules.lexicon import data, lexicon
from kroi.core.text import slug

_YEARS = range(1950, 2028)
_FAMILY = re.compile(r"(\w)[ -]?(?:series|class)|model[ -]?(\w)")
_CASES = re.compile(r"(sarja|luokka|klasse|serie)(?:n|a|t|ssa|sta|lla)$")
_BMW = re.compile(r"m?([1-8])(\d\d)(?:[deix]{1,2}|ci|cd|ti|td|tds|gt|ld|li|le|da|ia)?")
_VERSION = re.compile(r"(\d{3,4})(?:[a-js-z]|gti)")  # 500e, 208gti, and no 15k
_MERCEDES = re.compile(r"([abcegsv])(?:[12345]\d0|[46]3|35|43|45|53)(?:[a-z]{1,2})?")


@dataclass(frozen=True)
class Model:
    """A model that the dealership knows, with its make; by name and by slug."""

    make: str
    make_slug: str
    name: str
    slug: str


Pair = tuple[str, str]  # slugs of make and model


class Vocabulary:
    """The dealer's makes and models, ready to be looked up; and all other makes, so that they are understood too."""

    def __init__(self, models: Iterable[Model], year: int) -> None:
        self.models, self.year = tuple(models), year
        """`year` is this one: "at most five years old" depends on it."""
        self.stock_makes = {model.make_slug: model.make for model in self.models}
        self.makes = _make_keys(self.stock_makes)
        self.own: dict[str, set[Pair]] = defaultdict(set)
        self.beside: dict[tuple[str, str], str] = {}  # make and a bare letter or digit: the model
        for model in self.models:
            self._add(model)
        self._add_tails()
        names = [name for model in self.models for name in (model.make, model.name)]
        self.parts = {part for name in names for part in (*_words(name), *map(key_of, name.split()))}
        likely = {word for word in self.parts | set(self.makes) | set(self.own) if word.isalpha() and len(word) > 3}
        self.slips = Slips((likely - _special()["bare"] - (_special()["tails"] - {"rover"})) | set(lexicon().likely))

    def _add(self, model: Model) -> None:
        general = imported.make_of(model.make) or model.make
        name = imported.known_model(general, model.name)
        spellings = {key for key, known in imported.model_spellings(general).items() if known == name}
        pair = (model.make_slug, model.slug)
        for key in spellings | keys_of(model.name):
            self.own[key].add(pair)
            if key.startswith("model") and len(key) == 6:  # Tesla's
                self.own[f"modell{key[5]}"].add(pair)
                self.own[f"malli{key[5]}"].add(pair)
        family = _FAMILY.fullmatch(model.name.casefold())
        if family:
            self.beside[(model.make_slug, family[1] or family[2])] = model.slug

    def _add_tails(self) -> None:
        """`Evoque` alone means the Range Rover Evoque, when no other name ends so."""
        endings: dict[str, set[Pair]] = defaultdict(set)
        for model in self.models:
            words = _words(model.name)
            if len(words) > 1 and len(words[-1]) >= 5 and words[-1] not in _special()["tails"]:
                endings[words[-1]].add((model.make_slug, model.slug))
        for ending, pairs in endings.items():
            if len(pairs) == 1 and ending not in self.own and ending not in lexicon().senses:
                self.own[ending] = pairs

    def make(self, key: str) -> str | None:
        """The make's slug."""
        return self.makes.get(key)

    def model(self, key: str, beside: str | None, named: set[str], *, joined: bool = False) -> Pair | None:
        """The model of this name. `beside`: the make before it; `named`: all in the text; `joined`: an "or" before."""
        pairs = self.own.get(key, set())
        if beside is not None:
            if (beside, key) in self.beside:
                return beside, self.beside[(beside, key)]
            mine = next((pair for pair in sorted(pairs) if pair[0] == beside), None)
            if mine:
                return mine
        if not pairs or needs_make(key):
            return None
        stated = [pair for pair in sorted(pairs) if pair[0] in named]
        if len(key) < 3 and named and not stated and not joined:
            return None  # of "volvo d5" the engine, not an Alpina
        return stated[0] if stated else (next(iter(pairs)) if len(pairs) == 1 else None)

    def bare(self, key: str, named: set[str]) -> Pair | None:
        """A model that is a word, of a make that stands elsewhere in the text."""
        if key not in _special()["bare"] and not (key.isalpha() and len(key) == 2):
            return None
        return next((pair for pair in sorted(self.own.get(key, ())) if pair[0] in named), None)

    def family(self, text: str, beside: str | None) -> Pair | None:
        """`3er`, `c-sarja`: a family of models."""
        text = _CASES.sub(r"\1", text).replace("luoka", "luokka")
        for make in ("BMW", "Mercedes-Benz"):
            name = imported.family(make, text)
            if name != text and (found := self.model(key_of(name), beside, set())):
                return found
        return None

    def designation(self, key: str, beside: str | None, named: set[str]) -> Pair | None:
        """`320d` is a 3 Series, `e220` an E-Class; without the make only where the letters say it too."""
        bmw = _BMW.fullmatch(key)
        if (
            bmw
            and bmw[2] in _special()["engines"]
            and (beside == "bmw" or (key[0] != "m" and key[3:]))
            and named <= {"bmw"}
        ):
            return self.model(f"{bmw[1]}series", None, set())
        version = _VERSION.fullmatch(key)
        if version and beside in {make for make, _model in self.own.get(version[1], ())}:
            return self.model(version[1], beside, named)
        mercedes = _MERCEDES.fullmatch(key)
        if mercedes and beside in (None, "mercedes-benz"):
            return self.model(f"{mercedes[1]}class", None, set())
        return None


def needs_make(key: str) -> bool:
    """Would this name be something else without its make: a letter or two, a number, a year, a word?"""
    if key in _special()["bare"] or (key in lexicon().senses and key not in _special()["models"]):
        return True
    if key.isdigit():
        return len(key) < 3 or int(key) in _YEARS or int(key) % 100 == 0
    return key.isalpha() and len(key) < 3


def _words(name: str) -> list[str]:
    return imported.words(name)


def _make_keys(stock: dict[str, str]) -> dict[str, str]:
    """Every spelling and nickname, and the slug that the dealer's make has."""
    own = {imported.make_of(name) or name: made for made, name in stock.items()}
    found: dict[str, str] = {}
    for spelling, name in imported.make_spellings().items():
        if name in own or spelling not in _special()["makes"]:
            found[spelling] = own.get(name, slug(name))
    if "land-rover" in found.values():
        found.pop("land", None)
    for made, lines in data("names")["nicknames"].items():
        general = imported.make_of(made)
        target = own.get(general, made) if general else made
        found |= {key: target for phrase in phrases(lines) for key in keys_of(phrase)}
    return found | {key: made for made, name in stock.items() for key in keys_of(name)}


@cache
def _special() -> dict[str, frozenset[str]]:
    words = data("names")["words"]
    return {name: frozenset(key_of(phrase) for phrase in phrases(lines)) for name, lines in words.items()}
