"""One number of every car: which cars lie between two ends, and any page in the order of the number."""

from collections.abc import Iterable

from pyroaring import BitMap

from kroi.catalogue.index.rules.blocks import Blocks
from kroi.catalogue.index.rules.facts import Numbers

_WIDTHS = {"listed": 86_400 * 10**6, "price": 100_000, "mileage": 5_000, "year": 1, "power": 10}
_REMEMBERED = 4  # spans that were asked for, each 0.1 MB of a million cars


class Order:
    """Cars by one of COLUMNS, those without a value last; equal ones by their id."""

    def __init__(self, name: str, typecode: str, ids: Numbers) -> None:
        self._width = _WIDTHS[name]
        self.numbers = Numbers(typecode)
        self.known = Blocks(ids, self.numbers)
        self.unknown = Blocks(ids)
        self.total = 0
        """The sum of all values, for comparing with the database."""
        self._spans: dict[tuple[int | None, int | None], BitMap] = {}

    def value(self, position: int) -> int | None:
        """The number of the car at this position."""
        return None if position in self.unknown.all else self.numbers.array[position]

    def append(self, value: int | None) -> None:
        """The number of the next position, which takes its place in the order by `place`."""
        self.numbers.append(value or 0)

    def place(self, position: int, value: int | None) -> None:
        """The car takes its place in the order."""
        (self.unknown if value is None else self.known).add(position)
        self.total += value or 0
        for (low, high), found in self._spans.items():
            if value is not None and (low is None or low <= value) and (high is None or value <= high):
                found.add(position)

    def remove(self, position: int) -> None:
        """The car is gone."""
        (self.unknown if position in self.unknown.all else self.known).remove(position)
        self.total -= self.numbers.array[position]
        for found in self._spans.values():
            found.discard(position)

    def between(self, low: int | None, high: int | None) -> BitMap:
        """The positions with a value between these, both included; `None` is open. Not to be changed."""
        found = self._spans.get((low, high))
        if found is None:
            if len(self._spans) >= _REMEMBERED:
                self._spans.clear()
            found = self._spans[low, high] = self.known.between(low, high)
        return found

    def fill(self, by_id: Iterable[int], without: BitMap) -> None:
        """Order all positions, given in the order of their ids; `without` have no value."""
        values = self.numbers.array
        self.total = sum(values)
        valued = (position for position in by_id if position not in without)
        self.known.fill(self.numbers.ordered(valued, self._width), len(values))
        self.unknown.fill((position for position in by_id if position in without), len(without))

    def beside(self, chosen: BitMap, low: int | None, high: int | None, most: int) -> list[tuple[int, int]]:
        """The chosen positions closest above `high` and below `low`, and how far each is from there."""
        values, chosen = self.numbers.array, chosen & self.known.all
        found: list[tuple[int, int]] = []
        if high is not None:
            start = self.known.below(chosen, (high + 1, -1), inclusive=False)
            found += [(at, values[at] - high) for at in self.known.select(chosen, start, most)]
        if low is not None:
            end = self.known.below(chosen, (low, -1), inclusive=False)
            start = max(end - most, 0)
            found += [(at, low - values[at]) for at in self.known.select(chosen, start, end - start)]
        return found

    def before(self, chosen: BitMap, value: int | None, car_id: int, *, falling: bool, inclusive: bool) -> int:
        """How many of the chosen cars stand before this place of the list, or with `inclusive` at it."""
        blocks = self.unknown if value is None else self.known
        before = 0 if value is not None else chosen.intersection_cardinality(self.known.all)
        key = (value or 0, car_id)
        if not falling:
            return before + blocks.below(chosen, key, inclusive=inclusive)
        here = chosen.intersection_cardinality(blocks.all)
        return before + here - blocks.below(chosen, key, inclusive=not inclusive)

    def page(self, chosen: BitMap, start: int, most: int, *, falling: bool) -> list[int]:
        """The chosen positions from number `start` (0 is the first) of the list on."""
        with_value = len(chosen) - chosen.intersection_cardinality(self.unknown.all)
        found = _part(self.known, chosen, with_value, start, most, falling) if start < with_value else []
        if len(found) < most:
            rest, left = max(start - with_value, 0), most - len(found)
            found += _part(self.unknown, chosen, len(chosen) - with_value, rest, left, falling)
        return found


def _part(blocks: Blocks, chosen: BitMap, number: int, start: int, most: int, falling: bool) -> list[int]:
    if not falling:
        return blocks.select(chosen, start, most)
    low = max(number - start - most, 0)
    return blocks.select(chosen, low, max(number - start - low, 0))[::-1]
