"""What the index knows of one car on sale, and numbers by position in as few bytes as they need."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kroi.catalogue.rules.filters import Sort

COLUMNS = {  # the numbers that cars are ordered by or found between, and the narrowest type that usually holds them
    "listed": "q",  # microseconds since 1970
    "price": "I",  # cents
    "mileage": "I",  # km
    "year": "H",
    "power": "H",  # kW
}
SORTED = {  # by which column a sort orders, and whether it falls
    Sort.NEWEST: ("listed", True),
    Sort.CHEAPEST: ("price", False),
    Sort.DEAREST: ("price", True),
    Sort.MILEAGE: ("mileage", False),
    Sort.YEAR: ("year", True),
}


class Facts(NamedTuple):
    """A car on sale: its values in the order of FACETS, its numbers in the order of COLUMNS, unknown ones `None`.

    A price of 0 means on request: it is unknown here. `text` is its `search_text`, `number` its stock number.
    """

    id: int
    values: tuple[str | None, ...]
    make: str
    model: str
    numbers: tuple[int | None, ...]
    number: str = ""
    text: str = ""


class Numbers:
    """Whole numbers by position; widened when one does not fit."""

    def __init__(self, typecode: str) -> None:
        self.array: array[int] = array(typecode)

    def trim(self) -> None:
        """Give back the room for more."""
        self.array = self.array[:]

    def append(self, value: int) -> None:
        """The number of the next position."""
        try:
            self.array.append(value)
        except OverflowError:
            self.array = array("q", self.array)
            self.array.append(value)

    def ordered(self, positions: Iterable[int], width: int) -> Iterator[int]:
        """These positions, the lowest number first and equal ones as they come.

        Numbers `width` apart at most are sorted together, bucket after bucket: other threads may run in between.
        """
        buckets: dict[int, array[int]] = defaultdict(lambda: array("I"))
        for position in positions:
            buckets[self.array[position] // width].append(position)
        for at in sorted(buckets):
            yield from sorted(buckets.pop(at), key=self.array.__getitem__)
