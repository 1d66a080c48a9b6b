"""The numbers of a listing page, whoever counts them: the database or the index in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kroi.catalogue.rules.filters import CarFilter

PRICE_STEP = 1_000  # euros, of the price histogram; a step holds its upper end, not its lower
MILEAGE_STEP = 5_000  # km
STEPS = ("price", "mileage", "year")  # the spans that have a histogram; a year is a step of its own


class Option(NamedTuple):
    """One choice of a facet, and how many cars it has under all other filters. `makes` are those of a model."""

    value: str
    label: str
    count: int  # type: ignore[assignment]
    makes: tuple[str, ...] = ()


class Step(NamedTuple):
    """One step of a histogram: cars under all other filters, and all on sale."""

    count: int  # type: ignore[assignment]
    of: int


@dataclass(frozen=True)
class Counts:
    """All numbers of one listing page."""

    total: int
    on_sale: int
    """How many cars there would be without any filter."""
    before: int
    """How many matching cars come before the page that the cursor leads to (or, going back, before its end)."""
    options: Mapping[str, tuple[Option, ...]]
    """Of each facet the values of all cars on sale, also those without a match now."""
    steps: Mapping[str, Mapping[int, Step]]
    """Of each of STEPS, by number of the step."""
    dropped: Mapping[str, int]
    """How many cars there would be with just this filter dropped."""
    known: Mapping[str, Mapping[str, str]]
    """Chosen makes and models that are or once were ours, and what they are called."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    """How many options each facet has, where that is known without making them."""

    def number(self, name: str) -> int:
        """How many options a facet has."""
        return self.numbers[name] if name in self.numbers else len(self.options[name])

    def among_known(self, wanted: CarFilter) -> CarFilter:
        """The filter without makes and models that never were ours: the unknown is ignored."""
        for name in ("make", "model"):
            if wanted.choice(name):
                wanted = wanted.with_(name, wanted.choice(name).among(set(self.known.get(name, {}))))
        return wanted


def step_of(name: str, value: int) -> int:
    """The step of the histogram that a price in cents, a mileage in km or a year belongs to."""
    if name == "year":
        return value
    return max(value - 1, 0) // (PRICE_STEP * 100 if name == "price" else MILEAGE_STEP)
