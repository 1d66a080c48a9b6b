"""A filter put to the stock: which cars fit it, which miss only one part of it, and what the numbers are."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

from pyroaring import BitMap

from kroi.catalogue.index.rules.facts import SORTED
from kroi.catalogue.index.rules.stock import ON_SALE, Shape, Stock
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import FACETS, CarFilter, Choice, Sort, Span
from kroi.catalogue.rules.search import search_words

COLUMN_OF = {"price": "price", "monthly": "price", "mileage": "mileage", "year": "year", "power": "power"}
_MOST_ROWS = 6  # added up; of more, bitmaps are quicker
Ends = Mapping[str, Span]  # of the active spans, in the units of their columns
_Signed = list[tuple[int, int]]  # slots with the sign that they are added with


class Asking:
    """One filter, whose makes and models are all known, and the cars that fit it.

    It is about the stock as it is now: ask, and let go.
    """

    def __init__(self, stock: Stock, wanted: CarFilter, ends: Ends) -> None:
        self._stock = stock
        self._wanted = wanted
        self._ends = ends
        self._names = wanted.active()
        self._padded: BitMap | None = None

    @cached_property
    def _sets(self) -> dict[str, BitMap]:
        return {name: self._set(name) for name in self._names}

    def _set(self, name: str) -> BitMap:
        """The positions that fit one part of the filter; perhaps also positions that no car has any more."""
        if name == "q":
            found = [self._stock.texts.find(word) for word in search_words(self._wanted.q).split()]
            return BitMap.intersection(*found) if found else self._stock.live
        if name in FACETS:
            return self._chosen(name, self._wanted.choice(name))
        span = self._ends[name]
        return self._stock.orders[COLUMN_OF[name]].between(span.low, span.high)

    def _chosen(self, name: str, choice: Choice) -> BitMap:
        slots, bitmaps = self._stock.slots[name], self._stock.bitmaps
        among = [bitmaps[slots[value]] for value in choice.any_of if value in slots]
        if not choice.any_of:
            found = self._stock.live
        else:
            found = among[0] if len(among) == 1 else BitMap.union(BitMap(), *among)
        out = [bitmaps[slots[value]] for value in choice.none_of if value in slots]
        return found.difference(*out) if out else found

    @cached_property
    def _parts(self) -> list[tuple[str, BitMap]]:
        """Name and positions of each part, the fewest first, so that what is intersected is small soon."""
        return sorted(self._sets.items(), key=lambda part: len(part[1]))

    @cached_property
    def _before(self) -> list[BitMap]:
        """All cars, those that fit the first part, the first two, and so on."""
        before = [self._stock.live]
        for _name, one in self._parts:
            before.append(before[-1] & one)
        return before

    @cached_property
    def _left(self) -> dict[str, BitMap]:
        """The cars that fit all but one part, for each part."""
        found: dict[str, BitMap] = {}
        after: BitMap | None = None
        for (name, one), before in zip(self._parts[::-1], self._before[-2::-1], strict=True):
            found[name] = before if after is None else before & after
            after = one if after is None else one & after
        return found

    @property
    def fitting(self) -> BitMap:
        """The positions of the cars that fit. Not to be changed."""
        return self._before[-1]

    def total(self) -> int:
        """How many cars fit."""
        return self._row("")[ON_SALE] if self._by_rows else len(self.fitting)

    def dropped(self) -> dict[str, int]:
        """How many cars would fit with just one part dropped."""
        if self._by_rows:
            return {name: self._row(name)[ON_SALE] for name in self._names}
        return {name: len(self._left[name]) for name in self._names}

    def counts(self, name: str, shape: Shape) -> Sequence[int]:
        """How many cars each value of the facet or step of the histogram has under all other filters."""
        if self._by_rows:
            return shape.pick(self._row(name))
        return list(map(self._counted(name).intersection_cardinality, shape.bitmaps))

    def _counted(self, name: str) -> BitMap:
        """The cars that fit all but this part, as they are counted quickest."""
        if name in self._left:
            return self._stock.padding.selection(self._left[name])
        if self._padded is None:
            self._padded = self._stock.padding.selection(self.fitting)
        return self._padded

    @cached_property
    def _by_rows(self) -> bool:
        """Is every number a sum of a few rows, of which one at most must still be counted?"""
        return self._signed is not None and sum(key not in self._stock.rows for key in self._keys(self._signed)) <= 1

    @cached_property
    def _signed(self) -> dict[str, _Signed] | None:
        if len(self._names) > 2 or any(name not in FACETS for name in self._names):
            return None
        signed = {name: list(self._slots_of(name, self._wanted.choice(name))) for name in self._names}
        number = 1
        for slots in signed.values():
            number *= len(slots)
        return signed if number <= _MOST_ROWS else None

    def _keys(self, signed: Mapping[str, _Signed]) -> set[tuple[int, ...]]:
        """The rows that are added up, of the filter and of all of it but each part."""
        found = set()
        for without in ("", *self._names):
            for combination in product(*(slots for name, slots in signed.items() if name != without)):
                found.add(tuple(sorted(slot for slot, _sign in combination if slot != ON_SALE)))
        return found

    def _slots_of(self, name: str, choice: Choice) -> Iterator[tuple[int, int]]:
        slots = self._stock.slots[name]
        if choice.any_of:
            values = set(choice.any_of) - set(choice.none_of)
            yield from ((slots[value], 1) for value in values if value in slots)
            return
        yield ON_SALE, 1
        yield from ((slots[value], -1) for value in choice.none_of if value in slots)

    @cached_property
    def _rows(self) -> dict[str, Sequence[int]]:
        return {}

    def _row(self, without: str) -> Sequence[int]:
        """The counts of all slots under the filter, or under all of it but one part."""
        without = without if without in self._names else ""
        if without not in self._rows:
            kept = {name: slots for name, slots in (self._signed or {}).items() if name != without}
            self._rows[without] = self._added(list(kept.values()))
        return self._rows[without]

    def _added(self, parts: list[_Signed]) -> Sequence[int]:
        found: list[int] | None = None
        for combination in product(*parts):
            sign = 1
            for _slot, one in combination:
                sign *= one
            row = self._stock.rows.get(*(slot for slot, _one in combination if slot != ON_SALE))
            if sign == 1 and found is None and _number(parts) == 1:
                return row
            found = [a + sign * b for a, b in zip(found or [0] * len(row), row, strict=True)]
        return found or [0] * len(self._stock.bitmaps)

    def before(self, cursor: Cursor) -> int:
        """How many fitting cars stand before the page that the cursor leads to, or, going back, before its end."""
        name, falling = SORTED[cursor.sort]
        inclusive = not cursor.back  # going on, the cursor's own car is before the page
        order = self._stock.orders[name]
        return order.before(self.fitting, cursor.value, cursor.id, falling=falling, inclusive=inclusive)

    def page(self, sort: Sort, start: int, most: int) -> list[int]:
        """The positions from number `start` of the list on, at most so many."""
        name, falling = SORTED[sort]
        return self._stock.orders[name].page(self.fitting, start, most, falling=falling)


def _number(parts: list[_Signed]) -> int:
    number = 1
    for part in parts:
        number *= len(part)
    return number
