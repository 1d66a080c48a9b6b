"""Positions that no car has: bitmaps are counted faster with them.

A bitmap is made of containers for 65,536 positions each: sorted numbers while they hold few, true bits from 4,097 on.
True bits are counted in true bits in 0.2 µs a container, however many they are. One sorted number after the other is
looked up in them in 0.75 ns, and comparing sorted numbers with sorted numbers takes longer still. So where it pays
positions that no car has are added, to selections at one end of each container and to common values at another,
until there are more than 4,096. Runs of neighbours are kept as their ends, where they are long.
"""

from array import array
from collections.abc import Iterable
from itertools import compress

from pyroaring import BitMap

CONTAINER = 65_536
OF_SELECTIONS, OF_VALUES = 4_160, 3_136  # positions for each container
SMALL = 128  # of a selection in a container: fewer are looked up faster than bits are counted
COMMON = 1_000  # of a value in a container: 5 kB more memory, and counted in 0.2 µs instead of 0.9
A_RUN, BITS = 4, 230  # numbers that are looked up while one run, or one container of true bits, is counted
RUN_BYTES = 4


class Padding:
    """The last positions of each container, in which there is no car."""

    def __init__(self) -> None:
        self._all = BitMap()
        self._of_selections: list[BitMap] = []
        self._of_values: list[BitMap] = []

    def begin(self, position: int) -> None:
        """A container begins with this position."""
        end = position + CONTAINER
        middle = end - OF_SELECTIONS
        self._of_selections.append(_plain(range(middle, end)))
        self._of_values.append(_plain(range(middle - OF_VALUES, middle)))
        self._all |= self._of_selections[-1]

    def selection(self, cars: BitMap) -> BitMap:
        """The same cars, as they are counted quickest."""
        needed = [
            padding
            for at, padding in enumerate(self._of_selections)
            if cars.range_cardinality(at * CONTAINER, (at + 1) * CONTAINER) > SMALL
        ]
        if len(needed) == len(self._of_selections):
            return cars | self._all
        return BitMap.union(cars, *needed) if needed else cars

    def settled(self, value: BitMap) -> BitMap:
        """A copy of the cars of one value that is counted quickly from now on, in no more memory than it needs."""
        ends = range(0, len(self._of_values) * CONTAINER, CONTAINER)
        held = [value.range_cardinality(at, at + CONTAINER) for at in ends]
        found = value.copy()
        found.run_optimize()
        runs = found.get_statistics()["n_bytes_run_containers"] // RUN_BYTES
        if not runs or runs * A_RUN >= sum(min(each, BITS) for each in held):
            found = BitMap.union(value, *compress(self._of_values, map(COMMON.__lt__, held)))
        found.shrink_to_fit()
        return found


def is_free(position: int) -> bool:
    """Does this position belong to no car?"""
    return position % CONTAINER >= CONTAINER - OF_SELECTIONS - OF_VALUES


def _plain(positions: Iterable[int]) -> BitMap:
    return BitMap(array("I", positions), optimize=False)
