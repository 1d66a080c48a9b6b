"""Positions in an order, cut into blocks that are bitmaps: any range, any rank and any page of any selection, fast.

Inside a block positions are unordered; blocks that pages are cut from are sorted, and the latest ones kept sorted. Now
and then a mark remembers all positions before it, so that no answer adds up more than a few dozen blocks. Blocks grow
with the stock: looking through one of 200 positions takes 15 µs, of 2,000 ten times as long.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pyroaring import BitMap

from kroi.catalogue.index.rules.facts import Numbers

Key = tuple[int, int]  # the value and the car's id: no two are equal

_LEAST = 128  # positions of a block; one with more is split, if it has also
_PART = 256  # more than one of so many of all positions
_BETWEEN_MARKS = 128  # blocks
_FEW = 128  # of a selection: sorted as they are
_KEPT_SORTED = 128  # blocks


class Blocks:
    """In the order of `values` and, where those are equal, of `ids`; without values in the order of `ids` alone.

    Neither may change for a position while it is in here.
    """

    def __init__(self, ids: Numbers, values: Numbers | None = None) -> None:
        self.all = BitMap()
        self._ids, self._values = ids, values
        self._firsts: list[Key] = [(-(2**63), 0)]
        self._blocks: list[BitMap] = [BitMap()]
        self._marks: list[Key] = []  # each the first of a block
        self._before: list[BitMap] = []  # what lies before each mark
        self._sorted: dict[int, array[int]] = {}  # positions in order, by the bitmap's id()

    def _key(self, position: int) -> Key:
        return self._values.array[position] if self._values else 0, self._ids.array[position]

    def _ordered(self, positions: Iterable[int]) -> list[int]:
        by_id = sorted(positions, key=self._ids.array.__getitem__)
        return sorted(by_id, key=self._values.array.__getitem__) if self._values else by_id

    def _in_order(self, at: int) -> "array[int]":
        """All of one block in order."""
        block = self._blocks[at]
        found = self._sorted.get(id(block))
        if found is None:
            if len(self._sorted) >= _KEPT_SORTED:
                self._sorted.clear()
            found = self._sorted[id(block)] = array("I", self._ordered(block))
        return found

    def fill(self, ordered: Iterator[int], number: int) -> None:
        """Take these positions, about so many, which are in order, and no others."""
        for at, part in enumerate(_parts(ordered, max(_LEAST, number // _PART) // 2)):
            self._firsts[at:] = [self._key(part[0])]
            self._blocks[at:] = [BitMap(part)]
            if at and at % _BETWEEN_MARKS == 0:
                self._mark(at)
        self.all = BitMap.union(*self._blocks)

    def add(self, position: int) -> None:
        """One more."""
        key = self._key(position)
        at = max(bisect_right(self._firsts, key) - 1, 0)
        self._firsts[at] = min(self._firsts[at], key)
        self.all.add(position)
        self._change(at).add(position)
        for before in self._before[bisect_right(self._marks, key) :]:
            before.add(position)
        if len(self._blocks[at]) > max(_LEAST, len(self.all) // _PART):
            self._split(at)

    def remove(self, position: int) -> None:
        """One less."""
        key = self._key(position)
        self.all.discard(position)
        self._change(max(bisect_right(self._firsts, key) - 1, 0)).discard(position)
        for before in self._before[bisect_right(self._marks, key) :]:
            before.discard(position)

    def _change(self, at: int) -> BitMap:
        block = self._blocks[at]
        self._sorted.pop(id(block), None)
        return block

    def _split(self, at: int) -> None:
        ordered = self._ordered(self._blocks[at])
        middle = len(ordered) // 2
        self._blocks[at : at + 1] = [BitMap(ordered[:middle]), BitMap(ordered[middle:])]
        self._firsts.insert(at + 1, self._key(ordered[middle]))
        above = bisect_right(self._marks, self._firsts[at])
        start = self._block_of(above - 1) if above else 0
        end = self._block_of(above) if above < len(self._marks) else len(self._blocks)
        if end - start > 2 * _BETWEEN_MARKS:
            self._mark(start + _BETWEEN_MARKS)

    def _mark(self, at: int) -> None:
        """Remember what lies before this block."""
        above = bisect_right(self._marks, self._firsts[at])
        start, before = (self._block_of(above - 1), self._before[above - 1]) if above else (0, BitMap())
        self._marks.insert(above, self._firsts[at])
        self._before.insert(above, BitMap.union(before, *self._blocks[start:at]))

    def _block_of(self, mark: int) -> int:
        return bisect_left(self._firsts, self._marks[mark]) if mark < len(self._marks) else len(self._blocks)

    def between(self, low: int | None, high: int | None) -> BitMap:
        """The positions whose value lies between these, both included; `None` is open."""
        if low is not None and high is not None and low > high:
            return BitMap()
        start = 0 if low is None else bisect_left(self._firsts, (low, -1))
        end = len(self._blocks) if high is None else bisect_left(self._firsts, (high + 1, -1))
        edges = {start - 1} if low is not None and start else set()
        if high is not None and end:
            end -= 1
            edges.add(end)
        inside = [position for at in edges for position in self._within(at, low, high)]
        return self._span(start, max(end, start)) | BitMap(inside)

    def _within(self, at: int, low: int | None, high: int | None) -> list[int]:
        """The part of one block between the two ends. To sort the block first would take five times as long."""
        values: Sequence[int] = self._values.array if self._values else ()
        lowest, highest = -(2**63) if low is None else low, 2**63 if high is None else high
        return [position for position in self._blocks[at].to_array() if lowest <= values[position] <= highest]

    def _span(self, start: int, end: int) -> BitMap:
        """All of the blocks from `start` up to `end`."""
        if end - start <= _BETWEEN_MARKS // 2:
            return BitMap.union(BitMap(), *self._blocks[start:end])
        return self._up_to(end) - self._up_to(start)

    def _up_to(self, end: int) -> BitMap:
        """All of the blocks before `end`: those before the closest mark, and what lies between."""
        if end == len(self._blocks):
            return self.all
        above = bisect_right(self._marks, self._firsts[end])
        low, high = (self._block_of(above - 1) if above else 0), self._block_of(above)
        if end - low <= high - end or above == len(self._marks):
            return BitMap.union(self._before[above - 1] if above else BitMap(), *self._blocks[low:end])
        return self._before[above] - BitMap.union(*self._blocks[end:high])

    def below(self, chosen: BitMap, key: Key, *, inclusive: bool) -> int:
        """How many of the chosen positions have a lower key, or with `inclusive` this one."""
        at = bisect_right(self._firsts, key) - 1
        if at < 0:
            return 0
        mark = bisect_right(self._marks, self._firsts[at])
        start, seen = self._seen(chosen, mark)
        seen += sum(chosen.intersection_cardinality(block) for block in self._blocks[start:at])
        ordered = self._in_order(at)
        lower = ordered[: (bisect_right if inclusive else bisect_left)(ordered, key, key=self._key)]
        return seen + sum(map(chosen.__contains__, lower))

    def _seen(self, chosen: BitMap, mark: int) -> tuple[int, int]:
        """The block at the mark before number `mark`, and how many of the chosen lie before it."""
        if not mark:
            return 0, 0
        return self._block_of(mark - 1), chosen.intersection_cardinality(self._before[mark - 1])

    def select(self, chosen: BitMap, start: int, most: int) -> list[int]:
        """The chosen positions of the ranks from `start` on (0 is the lowest key), at most so many."""
        if len(chosen) <= _FEW:
            return self._ordered(chosen & self.all)[start : start + most]
        mark = bisect_right(range(1, len(self._marks) + 1), start, key=lambda at: self._seen(chosen, at)[1])
        at, seen = self._seen(chosen, mark)
        found: list[int] = []
        while len(found) < most and at < len(self._blocks):
            number = chosen.intersection_cardinality(self._blocks[at])
            if number and seen + number > start:
                here = filter(chosen.__contains__, self._in_order(at))
                found += islice(here, max(start - seen, 0), max(start - seen, 0) + most)
            seen += number
            at += 1
        return found[:most]


def _parts(ordered: Iterator[int], size: int) -> Iterator[Sequence[int]]:
    part: list[int] = []
    for position in ordered:
        part.append(position)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
