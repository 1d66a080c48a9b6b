"""Histograms with round ends, from counted steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from kroi.catalogue.listing.counts import Step

_BARS = 16  # at most
_COVERED = 0.99  # of the cars lie under the high end; what is dearer counts into the last bar


@dataclass(frozen=True)
class Bars:
    """Cars in equal steps from 0 to `high`; the last bar also counts what lies beyond. Empty without cars."""

    counts: tuple[int, ...] = ()
    high: int = 0

    @property
    def width(self) -> int:
        """Of one bar."""
        return self.high // len(self.counts) if self.counts else 1


def bars(steps: Mapping[int, Step], unit: int) -> Bars:
    """The histogram of steps that are `unit` wide each."""
    needed = _end(steps)
    if not needed:
        return Bars()
    width = next(width for width in _widths() if width * _BARS >= needed)
    number = -(-needed // width)
    counted = [0] * number
    for at, step in steps.items():
        counted[min(at // width, number - 1)] += step.count
    return Bars(tuple(counted), number * width * unit)


def _end(steps: Mapping[int, Step]) -> int:
    """The number of steps that nearly all cars lie in."""
    total = sum(step.of for step in steps.values())
    seen = 0
    for at in sorted(steps):
        seen += steps[at].of
        if seen >= total * _COVERED:
            return at + 1
    return 0


def _widths() -> Iterator[int]:
    """1, 2, 5, 10, 20 …"""
    yield from (digit * 10**power for power in count() for digit in (1, 2, 5))
