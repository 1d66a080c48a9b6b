"""Puts what was read together: filters, an order, and the words that stay."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kroi.catalogue.rules.filters import EVERYTHING, FACETS, CarFilter, Choice, Sort, Span
from kroi.catalogue.understanding.rules import numbers
from kroi.catalogue.understanding.rules.chunks import Chunk, cut
from kroi.catalogue.understanding.rules.lexicon import Kind, lexicon
from kroi.catalogue.understanding.rules.names import Vocabulary
from kroi.catalogue.understanding.rules.reading import Item, Reader

_QUIET = (Kind.OR, Kind.BETWEEN, Kind.DROP)
_USED_UP = (*_QUIET, Kind.BOUND, Kind.AFTER, Kind.JOIN, Kind.OPENER, Kind.SHADE)


@dataclass(frozen=True)
class Understood:
    """What a text asks for: filters (their `q` is empty), words that stay a text search, and an order if it is said."""

    filter: CarFilter = EVERYTHING
    words: str = ""
    sort: Sort | None = None


def understand(text: str, vocabulary: Vocabulary) -> Understood:
    """Reads Finnish, English, Swedish and German, mixed as they come. Only the first 200 characters count."""
    chunks = cut(text)
    items = Reader(chunks, vocabulary).read()
    _keep_features(items)
    spans = _spans(items, vocabulary.year)
    found = {name: (set[str](), set[str]()) for name in FACETS}
    _values(items, found)
    sort = _sort(items)
    choices = {name: Choice(tuple(sorted(chosen)), tuple(sorted(out))) for name, (chosen, out) in found.items()}
    return Understood(replace(EVERYTHING, **choices, **spans), _rest(chunks, items), sort)  # type: ignore[arg-type]  # by field


def _keep_features(items: list[Item]) -> None:
    """An adjective before a feature's noun describes the feature: "electric tailgate", "black leather"."""
    for at, item in enumerate(items):
        if Kind.VALUE not in item.senses:
            continue
        facet = item.senses[Kind.VALUE][0]
        group = lexicon().adjectives.get(item.key, "") if facet in ("fuel", "transmission") else facet
        last = _noun_after(items, at, lexicon().nouns.get(group, frozenset()))
        for each in items[at : last + 1]:
            each.senses = {Kind.TEXT: ("", "")}


def _noun_after(items: list[Item], at: int, nouns: frozenset[str]) -> int:
    """Where the noun stands that the word here describes; before `at` when there is none."""
    for ahead in (at + 1, at + 2):
        if ahead < len(items) and nouns:
            if items[ahead].key in nouns or (Kind.TEXT in items[ahead].senses and _ends_in(items[ahead].key, nouns)):
                return ahead
            if items[ahead].key not in lexicon().fillers:
                break
    return at - 1


def _ends_in(key: str, nouns: frozenset[str]) -> bool:
    return any(len(noun) > 3 and key.endswith(noun) for noun in nouns)


def _spans(items: list[Item], this_year: int) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for name, span in numbers.spans(items, this_year):
        before = found.get(name, Span())
        if name == "year" and _is_one(before) and _is_one(span):  # "2016 or 2017"
            years = [each.low for each in (before, span) if each.low is not None]
            before, span = Span(), Span(min(years), max(years))
        low = before.low if before.low is not None else span.low
        high = before.high if before.high is not None else span.high
        found[name] = Span(low, high)
    return found


def _is_one(span: Span) -> bool:
    return bool(span) and span.low == span.high


def _values(items: Sequence[Item], found: dict[str, tuple[set[str], set[str]]]) -> None:
    """Values, makes and models; those behind a "not", and joined to it by "or", are excluded."""
    negation: list[Item] = []
    joined = False
    for item in items:
        if item.may_be(Kind.NOT):
            negation, joined = [item], True
        elif item.used or (Kind.OR in item.senses and negation):
            joined = joined or bool(negation)
        elif names := _named(item, bool(negation and joined)):
            out = bool(negation and joined)
            for name, value in names:
                found[name][out].add(value)
            item.used = True
            for each in negation if out else ():
                each.used = True
            joined = False
        elif not (set(_QUIET) | {Kind.SHADE}) & set(item.senses):
            negation, joined = [], False


def _named(item: Item, excluded: bool) -> list[tuple[str, str]]:
    if Kind.MODEL in item.senses:
        make, model = item.pair
        return [("model", model)] if excluded else [("make", make), ("model", model)]
    if Kind.MAKE in item.senses:
        return [("make", item.senses[Kind.MAKE][0])]
    return [item.senses[Kind.VALUE]] if Kind.VALUE in item.senses else []


def _sort(items: Sequence[Item]) -> Sort | None:
    said = [item for item in items if item.may_be(Kind.SORT)]
    for item in said:
        item.used = True
    return Sort(said[0].senses[Kind.SORT][0]) if said else None


def _rest(chunks: list[Chunk], items: list[Item]) -> str:
    """The words that became no filter, as typed."""
    used, spent, unread = set[int](), set[int](), set[int]()
    for item in items:
        places = range(item.first, item.last + 1)
        if item.used:
            used.update(() if item.stays else places)
        elif Kind.TEXT not in item.senses and set(_USED_UP) & set(item.senses):
            spent.update(places)
        else:
            unread.update(places)
    spent = used | (spent - unread)
    return " ".join(chunk.raw.strip(",;") for at, chunk in enumerate(chunks) if at not in spent)
