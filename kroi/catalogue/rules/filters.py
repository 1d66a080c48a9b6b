"""What a shopper may ask of the listing: filters that combine, and an order."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Self

from kroi.catalogue.rules.values import ON_SALE, Body, Colour, Drive, Fuel, Transmission

FACETS: dict[str, frozenset[str] | None] = {  # a choice of values; None: any slug
    "make": None,
    "model": None,
    "body": frozenset(Body),
    "fuel": frozenset(Fuel),
    "transmission": frozenset(Transmission),
    "drive": frozenset(Drive),
    "colour": frozenset(Colour),
    "location": None,  # one of the dealership's places, while it has several
    "status": frozenset(ON_SALE),
}
OURS = tuple(name for name, values in FACETS.items() if values is None)  # whose values are the dealership's own
SPANS: dict[str, tuple[str | None, str | None]] = {  # between two numbers: the parameters of its ends
    "price": ("min_price", "max_price"),  # whole euros
    "year": ("min_year", "max_year"),
    "mileage": ("min_mileage", "max_mileage"),  # km
    "power": ("min_power", None),  # kW
    "monthly": (None, "max_monthly"),  # whole euros a month, on the dealership's terms
}


class Sort(enum.StrEnum):
    """The order of the list, by its name in addresses."""

    NEWEST = "newest"
    CHEAPEST = "price"
    DEAREST = "-price"
    MILEAGE = "mileage"
    YEAR = "year"


@dataclass(frozen=True)
class Choice:
    """Any of these values, and none of those. Values are sorted, so that equal choices are equal."""

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.any_of or self.none_of)

    def among(self, known: Collection[str]) -> "Choice":
        """Only what is known of it."""
        return Choice(
            tuple(value for value in self.any_of if value in known),
            tuple(value for value in self.none_of if value in known),
        )


@dataclass(frozen=True)
class Span:
    """From `low` to `high`, both included; `None` is open."""

    low: int | None = None
    high: int | None = None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None


ANY = Choice()
ANYWHERE = Span()


@dataclass(frozen=True)
class CarFilter:
    """What is asked for. Each field is one filter; they combine. `q` is as typed, prices are whole euros."""

    q: str = ""
    make: Choice = ANY
    model: Choice = ANY
    body: Choice = ANY
    fuel: Choice = ANY
    transmission: Choice = ANY
    drive: Choice = ANY
    colour: Choice = ANY
    location: Choice = ANY
    status: Choice = ANY
    price: Span = ANYWHERE
    year: Span = ANYWHERE
    mileage: Span = ANYWHERE
    power: Span = ANYWHERE
    monthly: Span = ANYWHERE

    def active(self) -> tuple[str, ...]:
        """The names of the filters that ask for something."""
        return self._active

    @cached_property
    def _active(self) -> tuple[str, ...]:
        mine, nothing = self.__dict__, EVERYTHING.__dict__
        return tuple(name for name in NAMES if mine[name] is not nothing[name] and mine[name])

    def choice(self, name: str) -> Choice:
        """The facet of this name."""
        found: Choice = getattr(self, name)
        return found

    def span(self, name: str) -> Span:
        """The span of this name."""
        found: Span = getattr(self, name)
        return found

    def among(self, known: Mapping[str, Collection[str]]) -> Self:
        """The same without makes, models and places that are not known: they never were ours, and are ignored."""
        wanted = self
        for name in OURS:
            choice = self.choice(name)
            kept = choice.among(known.get(name, ())) if choice else choice
            wanted = wanted if kept == choice else wanted.with_(name, kept)
        return wanted

    def without(self, name: str) -> Self:
        """The same with one filter dropped."""
        return replace(self, **{name: _NOTHING[name]})

    def with_(self, name: str, value: Choice | Span | str) -> Self:
        """The same with one filter replaced."""
        return replace(self, **{name: value})  # type: ignore[arg-type]  # a field and a value of its kind


NAMES: tuple[str, ...] = tuple(field.name for field in fields(CarFilter))
EVERYTHING = CarFilter()
_NOTHING = {name: getattr(EVERYTHING, name) for name in NAMES}
