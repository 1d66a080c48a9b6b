"""The front page's ways into the list, in words and with addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from kroi.catalogue.front.queries import NEEDS, Front
from kroi.catalogue.listing.histograms import Bars, bars
from kroi.catalogue.listing.shown import Link, span_text
from kroi.catalogue.listing.statement import PRICE_STEP
from kroi.catalogue.rules import addresses
from kroi.catalogue.rules.filters import CarFilter, Choice
from kroi.core import text

_ROUND = {digit * 10**power for digit in (1, 2, 5, 25) for power in range(8)}
_MOST_MAKES = 8
_MOST_MODELS = 6  # named beside a make
_NAMES = {
    "awd": _l("Four-wheel drive"),
    "estate": _l("Estate"),
    "suv": _l("SUV"),
    "automatic": _l("Automatic"),
    "plug": _l("Electric or plug-in hybrid"),
}


@dataclass(frozen=True)
class Row:
    """A line of an index: `detail` says more, or is empty."""

    name: str
    href: str
    count: int
    detail: str = ""


def price_bars(front: Front) -> Bars:
    """How many cars there are for how much."""
    return bars(front.counts.steps["price"], PRICE_STEP)


def ticks(found: Bars) -> Sequence[int]:
    """Even places on the axis, in thousands, that are round."""
    end = found.high // 1000
    parts = next((parts for parts in (6, 5, 4, 3, 8, 9) if end % parts == 0 and end // parts in _ROUND), 1)
    return [end // parts * at for at in range(parts + 1)]


def budgets(front: Front, base: str) -> list[Link]:
    """Spans of price with their counts."""
    return [
        Link(span_text("price", span), base + addresses.query(CarFilter(price=span)), number)
        for span, number in front.budgets
    ]


def makes(front: Front, base: str) -> list[Row]:
    """The makes with most cars, and some of their models, by name."""
    most = sorted(front.counts.options("make"), key=lambda make: -make.count)[:_MOST_MAKES]
    models = sorted(front.counts.options("model"), key=lambda model: -model.count)
    rows = []
    for make in sorted(most, key=lambda make: text.fold(make.label)):
        names = [model.label for model in models if make.value in model.makes][:_MOST_MODELS]
        address = base + addresses.query(CarFilter(make=Choice((make.value,))))
        rows.append(Row(make.label, address, make.count, ", ".join(sorted(names))))
    return rows


def needs(front: Front, base: str) -> list[Row]:
    """What people look for, whatever the make."""
    return [Row(_need(name), base + addresses.query(NEEDS[name]), number) for name, number in front.needs]


def _need(name: str) -> str:
    if name in _NAMES:
        return str(_NAMES[name])
    wanted = NEEDS[name]
    (span,) = wanted.active()
    words = span_text(span, wanted.span(span))
    return words[:1].upper() + words[1:]
