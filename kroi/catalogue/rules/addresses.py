"""Filters as an address and back: unknown and malformed values are ignored, and each filter has one spelling."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, quote

from kroi.catalogue.rules import cursors
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import EVERYTHING, FACETS, SPANS, CarFilter, Choice, Sort, Span
from kroi.catalogue.rules.search import search_words

_NUMBER = re.compile(r"[0-9]{1,9}")  # ASCII only: int() would take other scripts' digits
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG = 100
_LONGEST_WORDS = 120  # of the search, in characters
_LONGEST_KEPT = 1_000  # of a query that is remembered
_MOST_VALUES = 60  # of one facet
_MOST_PAGE = 100_000

_FILTERS = {  # by parameter
    "q": "q",
    **{parameter: name for name in FACETS for parameter in (name, f"not_{name}")},
    **{parameter: name for name, ends in SPANS.items() for parameter in ends if parameter},
}
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")  # needs no escape in an address

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What an address of the listing asks for. `page` (from 1) is only set without `after`."""

    filter: CarFilter = EVERYTHING
    sort: Sort = Sort.NEWEST
    after: Cursor | None = None
    page: int = 1


def read(arguments: Mapping[str, Sequence[str]]) -> Asked:
    """What these parameters (name to values) ask for."""
    values = {
        name: _read_filter(name, arguments) for name in {_FILTERS[each] for each in arguments if each in _FILTERS}
    }
    sort = next((Sort(word) for word in arguments.get("sort", ()) if word in set(Sort)), Sort.NEWEST)
    read_cursors = (cursors.parse(text, sort) for text in arguments.get("after", ()))
    after = next((cursor for cursor in read_cursors if cursor), None)
    page = 1 if after else min(max(_number(arguments.get("page", ())) or 1, 1), _MOST_PAGE)
    return Asked(CarFilter(**values), sort, after, page)  # type: ignore[arg-type]  # each by its field


def read_query(query: str) -> Asked:
    """What this query (without question mark, as WSGI has it) asks for. One request reads it more than once."""
    return _read_query(query) if len(query) <= _LONGEST_KEPT else _read_query.__wrapped__(query)


@lru_cache(maxsize=512)
def _read_query(query: str) -> Asked:
    return read(parse_qs(query.encode("latin-1", "replace").decode("utf-8", "replace")))


def _read_filter(name: str, arguments: Mapping[str, Sequence[str]]) -> Choice | Span | str:
    if name in FACETS:
        return Choice(_known(name, arguments.get(name, ())), _known(name, arguments.get(f"not_{name}", ())))
    if name in SPANS:
        low, high = (_number(arguments.get(end, ())) if end else None for end in SPANS[name])
        return Span(low, high)
    return next(filter(None, map(_typed, arguments.get(name, ()))), "")


def _known(facet: str, values: Iterable[str]) -> tuple[str, ...]:
    allowed = FACETS[facet]
    kept = {value for value in values if (value in allowed if allowed is not None else _is_slug(value))}
    return tuple(sorted(kept)[:_MOST_VALUES])


def _is_slug(value: str) -> bool:
    return len(value) <= _LONGEST_SLUG and bool(_SLUG.fullmatch(value))


def _number(values: Iterable[str]) -> int | None:
    stripped = (value.strip(" ") for value in values)
    return next((int(value) for value in stripped if _NUMBER.fullmatch(value)), None)


def _typed(text: str) -> str:
    """The search as typed, white space evened out; empty when nothing in it can be searched for."""
    shown = " ".join(text.replace("\x00", "").split())[:_LONGEST_WORDS].strip()
    return shown if search_words(shown) else ""


def pairs(wanted: CarFilter, sort: Sort = Sort.NEWEST, after: Cursor | None = None) -> Pairs:
    """The parameters of the canonical address, sorted; what is the default is left out."""
    found: Pairs = [("q", wanted.q)] if wanted.q else []
    for name in wanted.active():
        if name in FACETS:
            choice = wanted.choice(name)
            found += [(name, value) for value in choice.any_of]
            found += [(f"not_{name}", value) for value in choice.none_of]
        elif name in SPANS:
            ends, span = SPANS[name], wanted.span(name)
            found += [
                (end, str(value))
                for end, value in zip(ends, (span.low, span.high), strict=True)
                if end and value is not None
            ]
    found += [("sort", sort.value)] if sort is not Sort.NEWEST else []
    found += [("after", str(after))] if after else []
    return sorted(found)


def canonical(typed: str) -> str:
    """A query (without question mark, as WSGI has it) as the listing reads it: the same spelling for the same page."""
    asked = read_query(typed)
    found = pairs(asked.filter, asked.sort, asked.after)
    found += [("page", str(asked.page))] if asked.page > 1 else []
    return _spelled(sorted(found))


def query(wanted: CarFilter, sort: Sort = Sort.NEWEST, after: Cursor | None = None) -> str:
    """The canonical query with its question mark, or nothing."""
    return query_without(pairs(wanted, sort, after), ())


def query_without(found: Pairs, gone: Collection[tuple[str, str]]) -> str:
    """The query of these parameters but those that are `gone`."""
    left = [pair for pair in found if pair not in gone]
    return "?" + _spelled(left) if left else ""


def _spelled(found: Pairs) -> str:
    return "&".join(f"{name}={value if _PLAIN.fullmatch(value) else quote(value, safe='')}" for name, value in found)
