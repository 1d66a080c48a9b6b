"""All counts under no, one or two chosen values, counted once and then kept true car by car."""

from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, product

from pyroaring import BitMap

from kroi.catalogue.index.rules.padding import Padding

_MOST_BYTES = 6_000_000
_BYTES = 4


class Rows:
    """Rows by the chosen slots, the least recently asked forgotten first. The first slot counts the cars themselves."""

    def __init__(self, bitmaps: Sequence[BitMap], padding: Padding) -> None:
        self._bitmaps = bitmaps
        self._padding = padding
        self._rows: OrderedDict[tuple[int, ...], array[int]] = OrderedDict()

    def __contains__(self, key: tuple[int, ...]) -> bool:
        """Is this row counted already? Slots are sorted."""
        return key in self._rows

    def get(self, *chosen: int) -> "array[int]":
        """The counts of the cars that have all chosen values (two at most). Not to be changed, nor kept."""
        key = tuple(sorted(chosen))
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._counted(key)
            if len(self._rows) * len(self._bitmaps) * _BYTES > _MOST_BYTES and len(self._rows) > 1:
                self._rows.popitem(last=False)
        else:
            self._rows.move_to_end(key)
            self._widen(row)
        return row

    def missing(self, groups: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
        """Which rows there is room for, of each slot alone and of each two from different groups."""
        single = ((slot,) for slots in groups for slot in slots)
        pairs = (pair for one, other in combinations(groups, 2) for pair in product(one, other))
        for key in chain(single, pairs):
            if (len(self._rows) + 1) * len(self._bitmaps) * _BYTES > _MOST_BYTES:
                return
            if tuple(sorted(key)) not in self._rows:
                yield key

    def _counted(self, key: tuple[int, ...]) -> "array[int]":
        cars = BitMap.intersection(self._bitmaps[0], *(self._bitmaps[slot] for slot in key))
        return array("I", map(self._padding.selection(cars).intersection_cardinality, self._bitmaps))

    def _widen(self, row: "array[int]") -> None:
        if len(row) < len(self._bitmaps):
            row.extend([0] * (len(self._bitmaps) - len(row)))

    def change(self, chosen: Sequence[int], steps: Sequence[int], by: int) -> None:
        """A car with these values and in these steps came (`by` 1) or went (-1)."""
        slots = (0, *chosen, *steps)
        for key in _keys(chosen):
            row = self._rows.get(key)
            if row is not None:
                self._widen(row)
                for slot in slots:
                    row[slot] += by


def _keys(chosen: Sequence[int]) -> Iterator[tuple[int, ...]]:
    yield ()
    yield from ((slot,) for slot in chosen)
    yield from combinations(sorted(chosen), 2)
