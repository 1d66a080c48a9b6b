"""Figures as they are judged and kept: medians with their spread, each beside the number that it must hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, TypeVar

Turned = TypeVar("Turned")
MILLION = 1_000_000


@dataclass(frozen=True)
class Spread:
    """A median, and the lowest and highest that it comes from."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least one value."""
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True)
class Row:
    """One line of the table. `limit` is what must hold (`None`: only told), an upper one unless `at_least`.

    `low` and `high` are the spread of rounds, or the 5th and 95th percentile of single measurements.
    """

    key: str
    what: str
    engine: str
    cars: int
    value: float
    low: float
    high: float
    unit: str = "×"
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Is the number kept? `None` where there is none."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        """For the file of figures."""
        return {**asdict(self), "holds": self.holds}


def row(key: str, what: str, engine: str, cars: int, found: Spread | float, **more: Any) -> Row:
    """A row out of a spread, or of a single number."""
    spread = found if isinstance(found, Spread) else Spread(found, found, found)
    return Row(key, what, engine, cars, spread.value, spread.low, spread.high, **more)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def spread_of_many(values: Sequence[float]) -> Spread:
    """Median, 5th and 95th percentile of single measurements."""
    return Spread(percentile(values, 0.5), percentile(values, 0.05), percentile(values, 0.95))


def interleaved(subjects: Mapping[str, Callable[[], Turned]], rounds: int) -> dict[str, list[Turned]]:
    """Every subject once in every round, each round beginning with another one: drift hits all alike."""
    names, found = list(subjects), {name: list[Turned]() for name in subjects}
    for number in range(rounds):
        at = number % len(names)
        for name in names[at:] + names[:at]:
            found[name].append(subjects[name]())
    return found


def ratio(above: Sequence[Turned], below: Sequence[Turned], of: Callable[[Turned], float]) -> Spread:
    """Round by round, one subject's figure over another's."""
    return Spread.of([of(one) / max(of(other), 1e-9) for one, other in zip(above, below, strict=True)])
