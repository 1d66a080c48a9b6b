"""A search in words: what was left out of it, and where it may lead while it is being typed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from kroi.catalogue import words
from kroi.catalogue.imports.rules import makes
from kroi.catalogue.listing import counts
from kroi.catalogue.listing.notices import Notice
from kroi.catalogue.listing.shown import span_text
from kroi.catalogue.places import queries as places
from kroi.catalogue.rules import addresses
from kroi.catalogue.rules.filters import FACETS, SPANS, CarFilter
from kroi.catalogue.rules.search import plain
from kroi.catalogue.understanding import queries
from kroi.catalogue.understanding.rules import Vocabulary, merging, typing
from kroi.catalogue.understanding.service import Found
from kroi.core.text import slug
from kroi.web import place

MOST = 7  # suggestions
_SUGGESTED = ("body", "fuel", "transmission", "drive", "colour")


@dataclass(frozen=True)
class Suggestion:
    """A list that somebody may be looking for, and how many cars are on it."""

    text: str
    href: str
    count: int


def notice(found: Found, base: str) -> Notice | None:
    """What to say, when what is shown is not quite what was asked for."""
    href = base + addresses.query(replace(found.wanted, q=merging.exact(found.wanted.q)), found.page.sort)
    if found.is_relaxed:
        said = ", ".join(_parts(found.left_out, queries.get_known().names))
        return Notice(_("Nothing matches all of that, so we left out or loosened: %(filters)s.", filters=said), href)
    if found.corrected:
        return Notice(_("Searched for “%(words)s” instead.", words=found.corrected))
    return None


def suggestions(text: str, base: str) -> list[Suggestion]:
    """Where the text may lead: what it means, makes and models, values; only what there are cars of."""
    names = queries.get_known().names
    labels = words.labels(place.current().language)
    ways = typing.ways(text, names, {name: labels[name] for name in _SUGGESTED}) if text else []
    numbers = counts.count_each([way.filter for way in ways])
    found = [(way, number) for way, number in zip(ways, numbers, strict=True) if number]
    found.sort(key=lambda one: (not one[0].whole, -one[1]))
    return [
        Suggestion(", ".join(_parts(way.filter, names)), base + addresses.query(way.filter), number)
        for way, number in found[:MOST]
    ]


def _parts(wanted: CarFilter, names: Vocabulary) -> Iterator[str]:
    """Everything that is asked for, in words; a model behind its make."""
    named = set[str]()
    for model in names.models:
        if model.slug in wanted.model.any_of and model.make_slug in wanted.make.any_of:
            named |= {model.slug, model.make_slug}
            yield f"{model.make} {model.name}"
    for name in wanted.active():
        if name in SPANS:
            yield span_text(name, wanted.span(name))
        elif name in FACETS:
            choice = wanted.choice(name)
            yield from (_label(name, value, names) for value in choice.any_of if value not in named)
            yield from (_("not %(value)s", value=_label(name, value, names)) for value in choice.none_of)
        else:
            yield f"“{plain(wanted.q)}”"


def _label(name: str, value: str, names: Vocabulary) -> str:
    """What a value is called, also a make that was never here."""
    if name in words.VALUES:
        return words.labels(place.current().language)[name][value]
    if name == "location":
        return places.get_spots().names.get(value, value)
    if name == "make":
        known = {slug(each): each for each in makes.make_spellings().values()}
        return names.stock_makes.get(value) or known.get(value, value)
    return next((model.name for model in names.models if model.slug == value), value)
