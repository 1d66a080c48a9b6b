"""What somebody may be about to type: makes, models and values whose names go on so."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from kroi.catalogue.rules.filters import EVERYTHING, CarFilter, Choice
from kroi.catalogue.understanding.rules.chunks import key_of
from kroi.catalogue.understanding.rules.meaning import understand
from kroi.catalogue.understanding.rules.names import Vocabulary

LONGEST = 60  # characters; whoever types more needs no help
MOST_COUNTED = 24
_SHORTEST_VALUE = 2  # letters before values are suggested
_LAST = 3  # words at the end that may begin a name


@dataclass(frozen=True)
class Way:
    """A filter that the text may become; `whole`: it is all that was typed, as understood."""

    filter: CarFilter
    whole: bool = False


def typed(query: str) -> str:
    """What is typed, out of an address's query, in one spelling."""
    values = parse_qs(query.encode("latin-1", "replace").decode("utf-8", "replace")).get("q", [""])
    return " ".join(values[0].replace("\x00", "").casefold().split())[:LONGEST].strip()


def canonical(query: str) -> str:
    """The one spelling of a query of the suggestions."""
    return urlencode({"q": typed(query)})


def ways(text: str, vocabulary: Vocabulary, labels: Mapping[str, Mapping[str, str]]) -> list[Way]:
    """Where this may lead, the likeliest first. `labels`: what the values of facets are called on screen."""
    understood = understand(text, vocabulary)
    whole = [Way(understood.filter, whole=True)] if understood.filter.active() and not understood.words else []
    words = text.split()
    found = [way for count in range(min(_LAST, len(words)), 0, -1) for way in _going_on(words, count, vocabulary)]
    found += _values(words, vocabulary, labels) if words else []
    if understood.filter.make.any_of and not understood.filter.model.any_of and not understood.words:
        found += _models(understood.filter, "", vocabulary)
    return list(dict.fromkeys(whole + [way for way in found if way.filter != understood.filter]))[:MOST_COUNTED]


def _going_on(words: list[str], count: int, vocabulary: Vocabulary) -> Iterator[Way]:
    """Makes and models that begin with the last words; what stands before them is asked for as well."""
    before = understand(" ".join(words[:-count]), vocabulary)
    begun = key_of(" ".join(words[-count:]))
    if before.words or not begun:
        return
    if before.filter.make.any_of:
        yield from _models(before.filter, begun, vocabulary)
        return
    for make, name in vocabulary.stock_makes.items():
        if key_of(name).startswith(begun):
            yield Way(replace(before.filter, make=Choice((make,))))
    yield from _models(before.filter, begun, vocabulary)


def _models(wanted: CarFilter, begun: str, vocabulary: Vocabulary) -> Iterator[Way]:
    makes = wanted.make.any_of
    for model in vocabulary.models:
        key = key_of(model.name)
        fits = key.startswith(begun) or (
            not makes and len(begun) > 2 and key_of(model.make + model.name).startswith(begun)
        )
        if fits and (model.make_slug in makes if makes else begun):
            yield Way(replace(wanted, make=Choice((model.make_slug,)), model=Choice((model.slug,))))


def _values(words: list[str], vocabulary: Vocabulary, labels: Mapping[str, Mapping[str, str]]) -> Iterable[Way]:
    before, begun = understand(" ".join(words[:-1]), vocabulary), key_of(words[-1])
    if before.words or len(begun) < _SHORTEST_VALUE:
        return
    for name, values in labels.items():
        for value, label in values.items():
            if key_of(label).startswith(begun) and before.filter.choice(name) == EVERYTHING.choice(name):
                yield Way(before.filter.with_(name, Choice((value,))))
