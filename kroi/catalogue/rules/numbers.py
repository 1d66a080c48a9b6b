"""The numbers of a listing page, whoever counts them: the database or the index in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

PRICE_STEP = 1_000  # euros, of the price histogram; a step holds its upper end, not its lower
MILEAGE_STEP = 5_000  # km
STEPS = ("price", "mileage", "year")  # the spans that have a histogram; a year is a step of its own


class Option(NamedTuple):
    """One choice of a facet, and how many cars it has under all other filters. `makes` are those of a model."""

    value: str
    label: str
    count: int  # type: ignore[assignment]  # a tuple has a method of this name, which nobody calls
    makes: tuple[str, ...] = ()


class Naming(NamedTuple):
    """Labels of makes and of models by slug, and the makes of each model."""

    labels: Mapping[str, Mapping[str, str]]
    makes_of: Mapping[str, tuple[str, ...]]


class Tally(NamedTuple):
    """The values of a facet that cars on sale have, and how many cars each has under all other filters."""

    values: tuple[str, ...]
    counts: Sequence[int]


class Steps(NamedTuple):
    """The steps of a histogram that have cars: how many under all other filters, and `of` how many on sale."""

    values: tuple[int, ...]
    counts: Sequence[int]
    of: tuple[int, ...]


@dataclass(frozen=True)
class Counts:
    """All numbers of one listing page."""

    total: int
    on_sale: int
    """How many cars there would be without any filter."""
    before: int
    """How many matching cars come before the page that the cursor leads to (or, going back, before its end)."""
    facets: Mapping[str, Tally]
    """Of each facet the values of all cars on sale, also those without a match now."""
    steps: Mapping[str, Steps]
    """Of each of STEPS, by number of the step."""
    naming: Naming
    dropped: Mapping[str, int]
    """How many cars there would be with just this filter dropped."""
    known: Mapping[str, Mapping[str, str]]
    """Chosen makes and models that are or once were ours, and what they are called."""

    def options(self, name: str) -> list[Option]:
        """The choices of a facet, each with its label."""
        makes: Mapping[str, tuple[str, ...]] = self.naming.makes_of if name == "model" else {}
        counted = zip(*self.facets[name], strict=True)
        return [Option(value, self.label(name, value), count, makes.get(value, ())) for value, count in counted]

    def label(self, name: str, value: str) -> str:
        """What a make or model is called that is or once was ours."""
        return self.naming.labels.get(name, {}).get(value) or self.known.get(name, {}).get(value, value)


def step_of(name: str, value: int) -> int:
    """The step of the histogram that a price in cents, a mileage in km or a year belongs to."""
    if name == "year":
        return value
    return max(value - 1, 0) // (PRICE_STEP * 100 if name == "price" else MILEAGE_STEP)
