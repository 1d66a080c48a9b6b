"""The list as its page shows it: chips, filter groups, ranges and advice, in words and with addresses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from kroi.catalogue import words
from kroi.catalogue.finance import shown as finance
from kroi.catalogue.listing.boxes import Boxes, boxes, label
from kroi.catalogue.listing.histograms import Bars, bars, year_bars
from kroi.catalogue.listing.near import Near
from kroi.catalogue.listing.queries import Page
from kroi.catalogue.listing.statement import MILEAGE_STEP, PRICE_STEP
from kroi.catalogue.queries import CarCard
from kroi.catalogue.rules import addresses
from kroi.catalogue.rules.filters import FACETS, SPANS, CarFilter, Span
from kroi.catalogue.rules.search import plain
from kroi.core import clock
from kroi.web import filters, place

OPEN = ("make", "drive")  # groups that are not folded
MANY = 14  # makes; of more, the rarer ones are folded away
_MOST_MODELS = 60  # shown while no make is chosen
_MOST_NEAR = 6
_OLDEST = 1990  # hint in an empty field
_BARS = {"price": PRICE_STEP, "mileage": MILEAGE_STEP}
_STEPS = {"price": 500, "mileage": 5_000, "year": 1, "power": 10, "monthly": 10}  # of the thumbs
_UNITS = {"mileage": "km", "power": "kW"}
_MONEY = ("price", "monthly")
Places = Sequence[int]


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere, with how many cars are there."""

    text: str
    href: str
    count: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Group:
    """The choices of one facet by their places: the `rarer` ones folded. `excluded` values stay in the form unseen."""

    name: str
    title: str
    boxes: Boxes
    counts: Sequence[int]
    chosen: frozenset[int]
    common: Places
    rarer: Places
    excluded: tuple[str, ...]
    folded: bool


@dataclass(frozen=True)
class Range:
    """The two ends of a span, with bars where there are some; an end without a name cannot be asked for."""

    name: str
    title: str
    low_name: str | None
    high_name: str | None
    bars: Bars
    low: int
    high: int
    chosen: Span
    unit: str
    step: int
    folded: bool


def chips(page: Page, base: str) -> list[Link]:
    """Every chosen value, with the address of the list without it."""
    found, pairs = [], addresses.pairs(page.filter, page.sort)

    def add(text: str, *gone: tuple[str, str]) -> None:
        found.append(Link(text, base + addresses.query_without(pairs, gone)))

    for name in page.filter.active():
        if name in FACETS:
            choice = page.filter.choice(name)
            for value in (*choice.any_of, *choice.none_of):
                add(_chip(page, name, value), (name, value), (f"not_{name}", value))
        else:
            parameters = SPANS.get(name, (name,))
            add(_span_or_words(name, page.filter), *(pair for pair in pairs if pair[0] in parameters))
    return found


def _chip(page: Page, name: str, value: str) -> str:
    named = label(name, value, page.counts)
    return named if value in page.filter.choice(name).any_of else str(_("not %(value)s", value=named))


def _span_or_words(name: str, wanted: CarFilter) -> str:
    return span_text(name, wanted.span(name)) if name in SPANS else filters.quoted(plain(wanted.q))


def span_text(name: str, span: Span) -> str:
    """`€10,000–€27,000`, `up to 250,000 km`, `from 2018`."""
    low, high = (None if end is None else span_value(name, end) for end in (span.low, span.high))
    if low is not None and high is not None:
        return low if low == high else f"{low}–{high}"
    return str(_("from %(value)s", value=low) if high is None else _("up to %(value)s", value=high))


def span_value(name: str, value: int) -> str:
    """One end of a span in words; prices in whole euros."""
    if name == "price":
        return filters.euros(value * 100)
    if name == "monthly":
        return finance.a_month(value * 100)
    if name == "mileage":
        return filters.km(value)
    return f"{value}{filters.NO_BREAK}kW" if name == "power" else str(value)


def _address(base: str, page: Page, wanted: CarFilter) -> str:
    return base + addresses.query(wanted, page.sort)


def groups(page: Page) -> Iterator[Group]:
    """The facets that have choices."""
    for name in FACETS:
        found = _boxes(page, name)
        chosen = frozenset(found.places[value] for value in page.filter.choice(name).any_of)
        counts = page.counts.facets[name].counts
        if len(counts) < len(found.values):
            counts = (*counts, *[0] * (len(found.values) - len(counts)))
        places = _models(page, found, chosen) if name == "model" else found.order
        common, rarer = _common(places, counts, chosen) if name == "make" else (places, ())
        if places:
            title, excluded = words.titles(place.current().language)[name], page.filter.choice(name).none_of
            yield Group(name, title, found, counts, chosen, common, rarer, excluded, name not in OPEN)


def _boxes(page: Page, name: str) -> Boxes:
    here = page.counts.facets[name].values
    also = tuple(value for value in page.filter.choice(name).any_of if value not in here)
    return boxes(name, page.counts, also, alone=name == "model" and len(page.filter.make.any_of) == 1)


def _common(
    places: Sequence[int], counts: Sequence[int], chosen: frozenset[int]
) -> tuple[Sequence[int], Sequence[int]]:
    """The makes that are chosen or have most cars, and the others."""
    if len(places) <= MANY:
        return places, ()
    most = set(sorted(places, key=lambda at: (at not in chosen, -counts[at]))[:MANY])
    return [at for at in places if at in most], [at for at in places if at not in most]


def _models(page: Page, found: Boxes, chosen: frozenset[int]) -> Places:
    """Models of the chosen makes; all while no make is chosen, unless they are too many to read."""
    makes = page.filter.make.any_of
    if not makes and len(page.counts.facets["model"].values) <= _MOST_MODELS:
        return found.order
    of_makes = (found.of_make.get(make, ()) for make in makes)
    return sorted(chosen.union(*of_makes), key=found.rank.__getitem__)


def ranges(page: Page) -> dict[str, Range]:
    """The spans by name."""
    return {name: _range(page, name) for name in SPANS}


def _range(page: Page, name: str) -> Range:
    low_name, high_name = SPANS[name]
    found = bars(page.counts.steps[name], _BARS[name]) if name in _BARS else Bars()
    low, high = found.low, found.high
    if name == "year":
        found = year_bars(page.counts.steps[name])
        low, high = (found.low or _OLDEST), (found.high or clock.today(place.current().zone).year)
    unit = words.currency() if name in _MONEY else _UNITS.get(name, "")
    title = words.titles(place.current().language)[name]
    chosen, folded = page.filter.span(name), name not in _BARS
    return Range(name, title, low_name, high_name, found, low, high, chosen, unit, _STEPS[name], folded)


def relaxed(page: Page, base: str) -> list[Link]:
    """For an empty list: each filter that could be dropped, the most helpful first."""
    links = [
        Link(
            _("Drop %(filter)s", filter=_whole(page, name)),
            _address(base, page, page.filter.without(name)),
            page.counts.dropped[name],
            _nearest(name, next((each for each in page.near if each.misses == name), None)),
        )
        for name in page.filter.active()
    ]
    everything = Link(_("Clear all filters"), base, page.counts.on_sale)
    return [*sorted(links, key=lambda link: -link.count), everything]


def _whole(page: Page, name: str) -> str:
    if name not in FACETS:
        words_asked = _span_or_words(name, page.filter)
        return words_asked if name == "q" else filters.quoted(words_asked)
    choice = page.filter.choice(name)
    return filters.quoted(", ".join(_chip(page, name, value) for value in (*choice.any_of, *choice.none_of)))


def _nearest(name: str, near: Near | None) -> str:
    if near is None:
        return ""
    values = {
        "price": near.car.price_cents // 100,
        "year": near.car.model_year,
        "mileage": near.car.mileage_km,
        "monthly": finance.monthly_euros(near.car.price_cents) or None,
    }
    value = values.get(name)
    if value is not None:
        return str(_("the nearest is %(value)s", value=span_value(name, value)))
    return str(_("such as %(car)s", car=near.car.title))


def near_cards(page: Page) -> list[CarCard]:
    """The cars closest to what was asked for, each once."""
    firsts = dict.fromkeys(near.car for near in page.near)
    return list(firsts)[:_MOST_NEAR]
