"""Histograms with round ends, from counted steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from kroi.catalogue.rules.numbers import Steps

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


@dataclass(frozen=True)
class _Shape:
    """How many bars there are, and the bar of each step: what stays while only the filter changes."""

    number: int
    slots: Sequence[int]
    high: int
    low: int = 0


def bars(steps: Steps, unit: int) -> Bars:
    """The histogram of steps that are `unit` wide each."""
    return _drawn(steps.counts, _shape(steps.values, steps.of, unit))


def year_bars(steps: Steps) -> Bars:
    """The histogram of years: it ends with the newest, and the few oldest count into the first bar."""
    return _drawn(steps.counts, _year_shape(steps.values, steps.of))


def _drawn(counts: Sequence[int], shape: _Shape | None) -> Bars:
    if shape is None:
        return Bars()
    counted = [0] * shape.number
    for slot, number in zip(shape.slots, counts, strict=True):
        counted[slot] += number
    return Bars(tuple(counted), shape.high, shape.low)


@lru_cache(maxsize=256)
def _shape(values: tuple[int, ...], of: tuple[int, ...], unit: int) -> _Shape | None:
    needed = _end(values, of)
    if not needed:
        return None
    end, number = _rounded(needed)
    width = end // number
    return _Shape(number, [min(at // width, number - 1) for at in values], end * unit)


@lru_cache(maxsize=256)
def _year_shape(values: tuple[int, ...], of: tuple[int, ...]) -> _Shape | None:
    newest, oldest = max(values, default=0), _first(values, of)
    if not newest:
        return None
    width = -(-(newest + 1 - oldest) // _MOST_BARS)
    number = max(-(-(newest + 1 - oldest) // width), _FEWEST_BARS)
    low = newest + 1 - number * width
    return _Shape(number, [max(year - low, 0) // width for year in values], newest, low)


def _first(values: tuple[int, ...], of: tuple[int, ...]) -> int:
    """The year from which on nearly all cars are."""
    total = seen = sum(of)
    for year, number in sorted(zip(values, of, strict=True)):
        seen -= number
        if seen < total * _COVERED:
            return year
    return 0


def _end(values: tuple[int, ...], of: tuple[int, ...]) -> int:
    """The number of steps that nearly all cars lie in."""
    total, seen = sum(of), 0
    for at, number in sorted(zip(values, of, strict=True)):
        seen += number
        if seen >= total * _COVERED:
            return at + 1
    return 0


def _rounded(needed: int) -> tuple[int, int]:
    return next((end, number) for end, number in _shapes() if end >= needed)


def _shapes() -> Iterator[tuple[int, int]]:
    """Round ends, each with as many bars as divide it."""
    for power in count():
        for digits in _ENDS:
            end = digits * 10**power
            yield end, next(number for number in range(_MOST_BARS, _FEWEST_BARS - 1, -1) if end % number == 0)
