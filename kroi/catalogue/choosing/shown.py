"""Cars side by side: a row for each fact, the best value marked, and whether the cars differ in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.catalogue import words
from kroi.catalogue.choosing import rules
from kroi.catalogue.choosing.rules import Better
from kroi.catalogue.detail import shown as details
from kroi.catalogue.finance import shown as finance
from kroi.catalogue.models import Car
from kroi.core import text

_MEASURED = (  # what has a better and a worse: the label of its row, the fact, and which is better
    (_l("Price"), "price_cents", Better.LESS),
    (_l("Model year"), "model_year", Better.MORE),
    (_l("Mileage"), "mileage_km", Better.LESS),
    (_l("Power"), "power_kw", Better.MORE),
    (_l("Owners"), "owners", Better.LESS),
    (_l("Consumption"), "consumption_dl_100km", Better.LESS),
    ("CO₂", "co2_g_km", Better.LESS),
)


@dataclass(frozen=True)
class Row:
    """One fact of all cars. `best` are the places of the best values; `same`: they do not differ."""

    label: str
    values: tuple[str, ...]
    best: frozenset[int] = frozenset()

    @property
    def same(self) -> bool:
        """Do all cars have the same value?"""
        return len(set(self.values)) == 1


def facts(cars: Sequence[Car]) -> list[Row]:
    """What is known of any of the cars: ours first, then what the dealer wrote beside."""
    best = _best(cars)
    columns = [
        [(_("Price"), _price(car)), (_("A month"), finance.figure(car)), *details.facts(car), *details.known(car)]
        for car in cars
    ]
    rows = [
        Row(pairs[0][0], tuple(value or details.UNKNOWN for _label, value in pairs), best.get(pairs[0][0], frozenset()))
        for pairs in zip(*columns, strict=True)
    ]
    return [row for row in [*rows, *_written(cars)] if set(row.values) != {details.UNKNOWN}]


def features(cars: Sequence[Car]) -> list[Row]:
    """What is named among the features of any car; that a list is silent does not say "no"."""
    names = {text.fold(name): name for car in reversed(cars) for name in reversed(car.features)}
    had = [{text.fold(name) for name in car.features} for car in cars]
    rows = [Row(names[key], tuple(_("Yes") if key in own else details.UNKNOWN for own in had)) for key in names]
    return sorted(rows, key=lambda row: (row.same, text.fold(row.label)))


def _price(car: Car) -> str:
    return words.tag(car).text if rules.is_sold(car.status) else words.price(car.price_cents)


def _best(cars: Sequence[Car]) -> dict[str, frozenset[int]]:
    """The best places by label; a car that is sold, or a price on request, is nobody's best."""
    had = [not rules.is_sold(car.status) for car in cars]
    found = {}
    for label, fact, better in _MEASURED:
        values = [getattr(car, fact) if own else None for car, own in zip(cars, had, strict=True)]
        known = [value or None for value in values] if fact == "price_cents" else values
        found[str(label)] = rules.best(known, better)
    return found | {_("A month"): found[_("Price")]}  # the cheaper car is never dearer by the month


def _written(cars: Sequence[Car]) -> list[Row]:
    """The dealer's own pairs, matched by their labels."""
    own = [{text.fold(label): (label, value) for label, value in car.specifications if label and value} for car in cars]
    labels = {key: pair[0] for pairs in reversed(own) for key, pair in reversed(pairs.items())}
    return [
        Row(label, tuple(pairs[key][1] if key in pairs else details.UNKNOWN for pairs in own))
        for key, label in reversed(labels.items())
    ]
