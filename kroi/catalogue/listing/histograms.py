"""Histograms with round ends, from counted steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from kroi.catalogue.rules.numbers import Step

_ENDS = (10, 12, 15, 16, 20, 30, 40, 50, 60, 80, 90)  # round, and each splits into a good number of bars
_MOST_BARS = 16
_FEWEST_BARS = 8
_COVERED = 0.99  # of the cars lie under the high end; what is dearer counts into the last bar


@dataclass(frozen=True)
class Bars:
    """Cars in equal steps from `low` to `high`; the outer bars also count what lies beyond. Empty without cars."""

    counts: tuple[int, ...] = ()
    high: int = 0
    low: int = 0


def bars(steps: Mapping[int, Step], unit: int) -> Bars:
    """The histogram of steps that are `unit` wide each."""
    needed = _end(steps)
    if not needed:
        return Bars()
    end, number = _shape(needed)
    width = end // number
    counted = [0] * number
    for at, step in steps.items():
        slot = at // width
        counted[slot if slot < number else -1] += step.count
    return Bars(tuple(counted), end * unit)


def year_bars(steps: Mapping[int, Step]) -> Bars:
    """The histogram of years: it ends with the newest, and the few oldest count into the first bar."""
    newest, oldest = max(steps, default=0), _first(steps)
    if not newest:
        return Bars()
    width = -(-(newest + 1 - oldest) // _MOST_BARS)
    number = max(-(-(newest + 1 - oldest) // width), _FEWEST_BARS)
    low = newest + 1 - number * width
    counted = [0] * number
    for year, step in steps.items():
        counted[max(year - low, 0) // width] += step.count
    return Bars(tuple(counted), newest, low)


def _first(steps: Mapping[int, Step]) -> int:
    """The year from which on nearly all cars are."""
    total = seen = sum(step.of for step in steps.values())
    for year in sorted(steps):
        seen -= steps[year].of
        if seen < total * _COVERED:
            return year
    return 0


def _end(steps: Mapping[int, Step]) -> int:
    """The number of steps that nearly all cars lie in."""
    total = sum(step.of for step in steps.values())
    seen = 0
    for at in sorted(steps):
        seen += steps[at].of
        if seen >= total * _COVERED:
            return at + 1
    return 0


@lru_cache(maxsize=4096)
def _shape(needed: int) -> tuple[int, int]:
    return next((end, number) for end, number in _shapes() if end >= needed)


def _shapes() -> Iterator[tuple[int, int]]:
    """Round ends, each with as many bars as divide it."""
    for power in count():
        for digits in _ENDS:
            end = digits * 10**power
            yield end, next(number for number in range(_MOST_BARS, _FEWEST_BARS - 1, -1) if end % number == 0)
