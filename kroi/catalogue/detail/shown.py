"""A car's facts and earlier prices in words."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from kroi.catalogue import words
from kroi.catalogue.models import Car
from kroi.catalogue.queries import CarCard
from kroi.catalogue.rules import Condition
from kroi.web import filters, place

Pair = tuple[str, str]
UNKNOWN = "–"


def four(car: Car | CarCard) -> list[str]:
    """Year, distance, fuel, gearbox: in this order everywhere; what is unknown is left out."""
    found = [str(car.model_year) if car.model_year else "", _distance(car.mileage_km)]
    found += [words.word(value) if value else "" for value in (car.fuel, car.transmission)]
    return [each for each in found if each]


def facts(car: Car) -> list[Pair]:
    """The four facts with their labels."""
    return [
        (_("Model year"), str(car.model_year or UNKNOWN)),
        (_("Mileage"), _distance(car.mileage_km) or UNKNOWN),
        (_("Fuel"), words.word(car.fuel)),
        (_("Gearbox"), words.word(car.transmission)),
    ]


def long_facts(car: Car) -> list[Pair]:
    """All else that is known, then the dealer's own label and value pairs."""
    own = [(label, value) for label, value in car.specifications if label and value]
    return [(label, value) for label, value in known(car) if value] + own


def known(car: Car) -> Iterator[Pair]:
    """Every fact beside the four, in the same order for every car; empty when unknown."""
    first = car.first_registration
    yield _("Condition"), words.word(car.condition) if car.condition is Condition.NEW else ""
    yield _("First registered"), f"{first.month}/{first.year}" if first else ""
    yield _("Power"), filters.kw(car.power_kw) if car.power_kw else ""
    yield _("Engine"), f"{filters.number(car.displacement_ccm)}{filters.NO_BREAK}cm³" if car.displacement_ccm else ""
    yield _("Drive"), words.word(car.drive) if car.drive else ""
    yield _("Body"), _body(car)
    yield _("Colour"), words.word(car.colour) if car.colour else ""
    yield _("Seats"), str(car.seats or "")
    yield _("Owners"), str(car.owners or "")
    yield _("Consumption"), _litres(car.consumption_dl_100km) if car.consumption_dl_100km else ""
    yield "CO₂", f"{car.co2_g_km}{filters.NO_BREAK}g/km" if car.co2_g_km is not None else ""
    yield _("VAT"), words.word(car.vat) if car.vat else ""


def _distance(km: int | None) -> str:
    return "" if km is None else filters.km(km)


def _body(car: Car) -> str:
    doors = ngettext("%(num)s door", "%(num)s doors", car.doors) if car.doors else ""
    return ", ".join(part for part in (words.word(car.body) if car.body else "", doors) if part)


def _litres(dl: int) -> str:
    amount = format_decimal(Decimal(dl) / 10, locale=place.current().language)
    return f"{amount}{filters.NO_BREAK}l/100{filters.NO_BREAK}km"


def price_steps(prices: Iterable[tuple[int, datetime]]) -> list[tuple[str, int, str]]:
    """Price in words, cents, and the day from which it counted; oldest first."""
    return [(filters.euros(cents), cents, filters.day(at)) for cents, at in prices]
