"""What a price is worth, in words and as places on a scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from kroi.catalogue import words
from kroi.catalogue.models import Car
from kroi.catalogue.worth import queries, rules
from kroi.catalogue.worth.rules import Compared, Worth
from kroi.web import filters
from kroi.web.urls import url_for

_ROUGHLY = 100_00  # cents: what is reckoned is said in hundreds
_NAMELESS = ("", "")


@dataclass(frozen=True)
class Line:
    """One comparable in the list below the scale; only our own ones lead somewhere."""

    text: str
    href: str
    asked: str
    adjusted: str


@dataclass(frozen=True)
class Plot:
    """The scale. Places are percentages of its width; `labels` stand at its start, middle and end."""

    ticks: tuple[Decimal, ...]
    band: tuple[Decimal, Decimal]
    """Where the middle half begins, and how wide it is."""
    needle: Decimal
    labels: tuple[str, str, str]


@dataclass(frozen=True)
class Block:
    """All that the page says."""

    count: int
    strong: str
    among: str
    compared: str
    plot: Plot
    lines: tuple[Line, ...]
    car_ids: tuple[int, ...]
    """Our own cars in the list: the page is out of date when one of them changes."""


def block(car: Car) -> Block | None:
    """What the car's page says about its price; nothing where too little is known."""
    found = queries.find_worth(car)
    if found is None:
        return None
    ours = tuple(each.car_id for each in found.compared if each.car_id is not None)
    names = queries.list_named(ours) if ours else {}
    return Block(
        count=len(found.compared),
        strong=_strong(found),
        among=_among(found),
        compared=_compared(car, found),
        plot=_plot(found),
        lines=tuple(_line(each, names) for each in found.compared),
        car_ids=ours,
    )


def _strong(found: Worth) -> str:
    """How far from the median."""
    apart = found.price_cents - found.middle_cents
    rough = _roughly(abs(apart))
    if not rough:
        return str(_("Right at the middle price."))
    amount = filters.euros(rough)
    if apart < 0:
        return str(_("%(amount)s below the middle price.", amount=amount))
    return str(_("%(amount)s above the middle price.", amount=amount))


def _among(found: Worth) -> str:
    low, high = (filters.euros(_roughly(cents)) for cents in (found.low_cents, found.high_cents))
    return str(_("The middle half costs from %(low)s to %(high)s.", low=low, high=high))


def _roughly(cents: int) -> int:
    return (cents + _ROUGHLY // 2) // _ROUGHLY * _ROUGHLY


def _compared(car: Car, found: Worth) -> str:
    """What kind of cars these are."""
    years = [each.kind.year for each in found.compared]
    distances = [each.kind.km for each in found.compared]
    names = [car.title, words.word(car.fuel).lower() if car.fuel else "", _from_to(*map(str, _ends(years)))]
    what = ", ".join(name for name in names if name)
    low, high = _ends(distances)
    return str(
        _("Compared: %(cars)s, %(distance)s.", cars=what, distance=_from_to(filters.number(low), filters.km(high)))
    )


def _ends(values: list[int]) -> tuple[int, int]:
    return min(values), max(values)


def _from_to(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _plot(found: Worth) -> Plot:
    line = rules.scale(found)
    start = line.place(found.low_cents)
    return Plot(
        ticks=tuple(line.place(each.adjusted_cents) for each in found.compared),
        band=(start, line.place(found.high_cents) - start),
        needle=line.place(found.price_cents),
        labels=(filters.euros(line.low), filters.euros((line.low + line.high) // 2), filters.euros(line.high)),
    )


def _line(each: Compared, names: Mapping[int, tuple[str, str]]) -> Line:
    slug, trim = names.get(each.car_id or 0, _NAMELESS)
    told = [
        str(each.kind.year),
        filters.km(each.kind.km),
        trim or (words.word(each.kind.fuel) if each.kind.fuel else ""),
    ]
    return Line(
        text=", ".join(part for part in told if part),
        href=url_for("catalogue.show", slug=slug) if slug else "",
        asked=filters.euros(each.price_cents),
        adjusted=filters.euros(each.adjusted_cents),
    )
