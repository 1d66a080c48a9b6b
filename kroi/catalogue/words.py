"""What the values of cars are called on screen."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from babel.numbers import get_currency_symbol
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from kroi.catalogue.rules import (
    SOLD,
    Body,
    CarStatus,
    Colour,
    Condition,
    Drive,
    Fuel,
    Transmission,
    Vat,
    lapses,
    prices,
)
from kroi.catalogue.rules.filters import Sort
from kroi.core import clock
from kroi.web import filters, pages, place

BODIES = {
    Body.HATCHBACK: _l("Hatchback"),
    Body.SEDAN: _l("Sedan"),
    Body.ESTATE: _l("Estate"),
    Body.SUV: _l("SUV"),
    Body.COUPE: _l("Coupé"),
    Body.CONVERTIBLE: _l("Convertible"),
    Body.MPV: _l("MPV"),
    Body.VAN: _l("Van"),
    Body.PICKUP: _l("Pickup"),
    Body.OTHER: _l("Other body"),
}
FUELS = {
    Fuel.PETROL: _l("Petrol"),
    Fuel.DIESEL: _l("Diesel"),
    Fuel.HYBRID: _l("Hybrid"),
    Fuel.MILD_HYBRID: _l("Mild hybrid"),
    Fuel.PLUG_IN_HYBRID: _l("Plug-in hybrid"),
    Fuel.ELECTRIC: _l("Electric"),
    Fuel.CNG: _l("Natural gas"),
    Fuel.LPG: _l("LPG"),
    Fuel.ETHANOL: _l("Ethanol"),
    Fuel.HYDROGEN: _l("Hydrogen"),
    Fuel.OTHER: _l("Other fuel"),
}
TRANSMISSIONS = {Transmission.MANUAL: _l("Manual"), Transmission.AUTOMATIC: _l("Automatic")}
DRIVES = {
    Drive.FWD: _l("Front-wheel drive"),
    Drive.RWD: _l("Rear-wheel drive"),
    Drive.AWD: _l("Four-wheel drive"),
}
COLOURS = {
    Colour.BLACK: _l("Black"),
    Colour.WHITE: _l("White"),
    Colour.GREY: _l("Grey"),
    Colour.SILVER: _l("Silver"),
    Colour.BLUE: _l("Blue"),
    Colour.RED: _l("Red"),
    Colour.GREEN: _l("Green"),
    Colour.BROWN: _l("Brown"),
    Colour.BEIGE: _l("Beige"),
    Colour.YELLOW: _l("Yellow"),
    Colour.ORANGE: _l("Orange"),
    Colour.GOLD: _l("Gold"),
    Colour.PURPLE: _l("Purple"),
    Colour.OTHER: _l("Other colour"),
}
STATUSES = {
    CarStatus.DRAFT: _l("Draft"),
    CarStatus.AVAILABLE: _l("Available"),
    CarStatus.RESERVED: _l("Reserved"),
    CarStatus.SOLD: _l("Sold"),
    CarStatus.DELIVERED: _l("Delivered"),
    CarStatus.WITHDRAWN: _l("Withdrawn"),
}
CONDITIONS = {Condition.NEW: _l("New"), Condition.USED: _l("Used")}
VATS = {Vat.MARGIN: _l("Margin scheme, not deductible"), Vat.DEDUCTIBLE: _l("VAT deductible")}
SORTS = {
    Sort.NEWEST: _l("Newest first"),
    Sort.CHEAPEST: _l("Cheapest first"),
    Sort.DEAREST: _l("Dearest first"),
    Sort.MILEAGE: _l("Fewest km first"),
    Sort.YEAR: _l("Newest model year first"),
}
FILTERS = {
    "q": _l("Search"),
    "make": _l("Make"),
    "model": _l("Model"),
    "body": _l("Body"),
    "fuel": _l("Fuel"),
    "transmission": _l("Gearbox"),
    "drive": _l("Drive"),
    "colour": _l("Colour"),
    "location": _l("Location"),
    "status": _l("Availability"),
    "price": _l("Price"),
    "year": _l("Model year"),
    "mileage": _l("Mileage"),
    "power": _l("Power"),
    "monthly": _l("Monthly payment"),
}
VALUES: dict[str, dict[str, LazyString]] = {  # of each facet whose values are ours
    "body": {value.value: word for value, word in BODIES.items()},
    "fuel": {value.value: word for value, word in FUELS.items()},
    "transmission": {value.value: word for value, word in TRANSMISSIONS.items()},
    "drive": {value.value: word for value, word in DRIVES.items()},
    "colour": {value.value: word for value, word in COLOURS.items()},
    "status": {value.value: word for value, word in STATUSES.items()},
}


@lru_cache(maxsize=16)
def labels(language: str) -> dict[str, dict[str, str]]:
    """`VALUES` in the language being spoken, which must be this one; in their order."""
    return {facet: {value: str(word) for value, word in found.items()} for facet, found in VALUES.items()}


@lru_cache(maxsize=16)
def sorts(language: str) -> tuple[tuple[str, str], ...]:
    """`SORTS` in the language being spoken, which must be this one."""
    return tuple((sort.value, str(word)) for sort, word in SORTS.items())


@lru_cache(maxsize=16)
def titles(language: str) -> dict[str, str]:
    """`FILTERS` in the language being spoken, which must be this one."""
    return {name: str(word) for name, word in FILTERS.items()}


_ALL: dict[tuple[type, str], LazyString] = {
    (type(value), value.value): word
    for words in (BODIES, FUELS, TRANSMISSIONS, DRIVES, COLOURS, STATUSES, CONDITIONS, VATS, SORTS)
    for value, word in words.items()
}


def word(value: enum.StrEnum | None) -> str:
    """What a value is called, or a dash for the unknown. In templates the filter `word`."""
    return "–" if value is None else _word(place.current().language, type(value), value.value)


@lru_cache(maxsize=1024)
def _word(language: str, kind: type, value: str) -> str:
    return str(_ALL[(kind, value)])


class Tagged(Protocol):
    """A car, or a card of one, as far as its tag goes."""

    status: CarStatus
    arriving: bool
    arriving_on: date | None
    price_cents: int
    struck_cents: int | None
    struck_until: datetime | None
    listed_at: datetime | None
    sold_at: datetime | None


class Lined(Protocol):
    """A car, or a card of one, as far as the line below its name goes."""

    trim: str
    drive: Drive | None
    colour: Colour | None


@dataclass(frozen=True)
class Tag:
    """The words on a photo's corner plate; empty for most cars. `new` puts the brand's square before them."""

    text: str = ""
    new: bool = False


def tag(car: Tagged) -> Tag:
    """The one thing that is worth a plate on this car's photo."""
    if car.status in SOLD:
        return Tag(_("Sold %(day)s", day=filters.day(car.sold_at)) if car.sold_at else _("Sold"))
    if car.status is CarStatus.RESERVED:
        return Tag(_("Reserved"))
    if car.arriving:
        return Tag(_("Arriving %(day)s", day=filters.day(car.arriving_on)) if car.arriving_on else _("Arriving"))
    if earlier := struck(car):
        return Tag(_("Price cut %(amount)s", amount=filters.euros(earlier - car.price_cents)))
    return _age(car)


def _age(car: Tagged) -> Tag:
    if car.listed_at is None or not lapses.is_new(car.listed_at, clock.now()):
        return Tag()
    _ends(car)
    zone = place.current().zone
    today = clock.local(car.listed_at, zone).date() == clock.today(zone)
    return Tag(_("New today") if today else _("New"), new=True)


def _ends(car: Tagged) -> None:
    """The page that shows this must not be kept for longer than it is true."""
    end = lapses.next_lapse(car.listed_at, car.struck_until, clock.now())
    if end is not None:
        pages.until(end)


def struck(car: Tagged) -> int | None:
    """The earlier price, in cents, that may stand struck beside the car's now. In templates the filter `car_struck`."""
    found = prices.shown_struck(car.struck_cents, car.struck_until, car.price_cents, clock.now())
    if found:
        _ends(car)
    return found


def price(cents: int) -> str:
    """A price as shown: 0 is on request."""
    return filters.euros(cents) if cents else _("Price on request")


def currency() -> str:
    """The sign of the dealership's currency: `€`."""
    here = place.current()
    return _sign(here.currency, here.language)


@lru_cache(maxsize=64)
def _sign(currency: str, language: str) -> str:
    return str(get_currency_symbol(currency, locale=language))


def line(car: Lined) -> str:
    """What stands below a car's name: its version, else drive and colour."""
    if car.trim:
        return car.trim
    parts = [word(value) for value in (car.drive, car.colour) if value is not None]
    return ", ".join(parts[:1] + [part.lower() for part in parts[1:]])
