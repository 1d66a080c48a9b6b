"""The cars on sale as bitmaps: each car has a position, and each value the set of the positions that have it."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from pyroaring import BitMap

from kroi.catalogue.index.rules.facts import COLUMNS, Facts, Numbers
from kroi.catalogue.index.rules.orders import Order
from kroi.catalogue.index.rules.padding import CONTAINER, Padding, is_free
from kroi.catalogue.index.rules.rows import Rows
from kroi.catalogue.index.rules.texts import Texts
from kroi.catalogue.rules.filters import FACETS
from kroi.catalogue.rules.numbers import STEPS, Naming, step_of

ON_SALE = 0  # the slot of the cars on sale
_NAMES = tuple(COLUMNS)
_PRICE = _NAMES.index("price")
_STEP_COLUMNS = tuple((name, _NAMES.index(name)) for name in STEPS)
_IDS = 32_768  # that are sorted together


Value = TypeVar("Value", str, int)


class Shape(NamedTuple):
    """The values of a facet or the steps of a histogram, and how they are counted."""

    values: tuple[Any, ...]
    bitmaps: tuple[BitMap, ...]
    pick: Callable[[Sequence[int]], Sequence[int]]


class Stock:
    """Filled at once by `fill`, `fill_texts` and `order`, or car by car; then changed car by car.

    What is counted has a slot: `slots["fuel"]["diesel"]`, `steps["price"][14]`; `bitmaps[slot]` has its positions, and
    perhaps some that no car has.
    """

    def __init__(self) -> None:
        self.ids = Numbers("I")
        self.live = BitMap()
        self.bitmaps: list[BitMap] = [self.live]
        self.slots: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        self.steps: dict[str, dict[int, int]] = {name: {} for name in STEPS}
        self.named: dict[tuple[str, ...], BitMap] = {}  # (make, name) and (make, model, name)
        self.orders = {name: Order(name, typecode, self.ids) for name, typecode in COLUMNS.items()}
        self.texts = Texts()
        self.padding = Padding()
        self.rows = Rows(self.bitmaps, self.padding)
        self._by_id = array("I")  # positions of what was filled at once
        self._naming: Naming | None = None
        self._shapes: dict[tuple[str, bool], Shape] = {}
        self._since: dict[int, int] = {}  # positions by id of what came later

    def __len__(self) -> int:
        return len(self.live)

    @property
    def positions(self) -> int:
        """How many positions are taken: many more than there are cars call for a new index."""
        return len(self.ids.array)

    def fill(self, cars: Iterable[Facts]) -> None:
        """Take many cars, by and by, like beside like; `order` must follow."""
        cars = sorted(cars, key=_likeness)
        found: dict[int, list[int]] = defaultdict(list)
        named: dict[tuple[str, ...], list[int]] = defaultdict(list)
        positions = [self._append(car) for car in cars]
        for position, car in zip(positions, cars, strict=True):
            for slot in (*self._chosen(car), *self._steps(car)):
                found[slot].append(position)
            for name in _names(car):
                named[name].append(position)
        self.live.update(positions)
        for slot, having in found.items():
            self.bitmaps[slot] |= BitMap(array("I", having), optimize=False)
        for name, having in named.items():
            self.named[name] = self.named.get(name, BitMap()) | BitMap(array("I", having))
        for at, order in enumerate(self.orders.values()):
            unknown = (position for position, car in zip(positions, cars, strict=True) if car.numbers[at] is None)
            order.unknown.all.update(unknown)

    def order(self) -> None:
        """Order what was filled."""
        self._by_id = array("I", self.ids.ordered(self.live, _IDS))
        self.ids.trim()
        for order in self.orders.values():
            order.numbers.trim()
            order.fill(self._by_id, order.unknown.all)
        for slot in range(1, len(self.bitmaps)):
            self.bitmaps[slot] = self.padding.settled(self.bitmaps[slot])
        self._shapes.clear()
        for bitmap in (self.live, *self.named.values()):
            bitmap.run_optimize()
            bitmap.shrink_to_fit()

    def fill_texts(self, texts: Iterable[tuple[int, str, str]]) -> None:
        """Take the texts of many cars in the index (id, stock number, text), by and by, after `order`."""
        placed = ((self.find(car_id), number, text) for car_id, number, text in texts)
        self.texts.fill((position, number, text) for position, number, text in placed if position is not None)

    def put(self, car: Facts) -> None:
        """The car is on sale and is like this now."""
        self.drop(car.id)
        position = self._append(car)
        self._since[car.id] = position
        chosen, steps = list(self._chosen(car)), list(self._steps(car))
        for slot in (ON_SALE, *chosen, *steps):
            self.bitmaps[slot].add(position)
        for name in _names(car):
            if name not in self.named:
                self.named[name] = BitMap()
                self._naming = None
            self.named[name].add(position)
        for order, value in zip(self.orders.values(), car.numbers, strict=True):
            order.place(position, value)
        self.texts.add(position, car.number, car.text)
        self.rows.change(chosen, steps, 1)

    def drop(self, car_id: int) -> None:
        """The car is not on sale."""
        position = self.find(car_id)
        if position is None:
            return
        chosen, steps = list(self._chosen_at(position)), list(self._steps_at(position))
        for slot in (ON_SALE, *chosen, *steps):
            self.bitmaps[slot].discard(position)
        for name in [name for name, cars in self.named.items() if position in cars]:
            self.named[name].discard(position)
            if not self.named[name]:
                del self.named[name]
                self._naming = None
        for order in self.orders.values():
            order.remove(position)
        self._since.pop(car_id, None)
        self.rows.change(chosen, steps, -1)

    def find(self, car_id: int) -> int | None:
        """The position of a car on sale."""
        position = self._since.get(car_id)
        if position is None:
            at = bisect_left(self._by_id, car_id, key=self.ids.array.__getitem__)
            position = self._by_id[at] if at < len(self._by_id) else None
        here = position is not None and position in self.live and self.ids.array[position] == car_id
        return position if here else None

    def newest(self, most: int) -> list[int]:
        """The ids of the cars that came on sale last."""
        return [self.ids.array[at] for at in self.orders["listed"].page(self.live, 0, most, falling=True)]

    def blocks(self, size: int) -> set[int]:
        """In which blocks of so many ids there are cars: block 0 has the ids below `size`."""
        found, at, ids = {car_id // size for car_id in self._since}, 0, self.ids.array
        while at < len(self._by_id):
            position = self._by_id[at]
            at += 1
            if position in self.live:
                found.add(ids[position] // size)
                at = bisect_left(self._by_id, (ids[position] // size + 1) * size, at, key=ids.__getitem__)
        return found

    def sums(self) -> tuple[int, ...]:
        """How many cars there are, and the sums of their prices, mileages, years and powers."""
        return len(self), *(self.orders[name].total for name in ("price", "mileage", "year", "power"))

    def agrees(self, car: Facts) -> bool:
        """Is the car, which is on sale, in here as it is?"""
        position = self.find(car.id)
        if position is None:
            return False
        slots = {*self._chosen(car), *self._steps(car)}
        return (
            slots == {*self._chosen_at(position), *self._steps_at(position)}
            and all(position in self.named.get(name, ()) for name in _names(car))
            and tuple(order.value(position) for order in self.orders.values()) == car.numbers
            and self.texts.holds(position, car.number, car.text)
        )

    @property
    def naming(self) -> Naming:
        """What makes and models on sale are called."""
        if self._naming is None:
            self._naming = _naming(self.named)
        return self._naming

    def shape(self, name: str, *, steps: bool = False) -> Shape:
        """What is counted of a facet, or with `steps` of a histogram."""
        among: Mapping[Any, int] = self.steps[name] if steps else self.slots[name]
        shape = self._shapes.get((name, steps))
        if shape is None or len(shape.values) != len(among):
            slots = tuple(among.values())
            bitmaps = tuple(self.bitmaps[slot] for slot in slots)
            shape = self._shapes[name, steps] = Shape(tuple(among), bitmaps, _picker(slots))
        return shape

    def _append(self, car: Facts) -> int:
        """Give the car a position."""
        while is_free(len(self.ids.array)):
            self._keep(0, (None,) * len(COLUMNS))
        position = len(self.ids.array)
        if position % CONTAINER == 0:
            self.padding.begin(position)
        self._keep(car.id, car.numbers)
        return position

    def _keep(self, car_id: int, numbers: Sequence[int | None]) -> None:
        self.ids.append(car_id)
        for order, value in zip(self.orders.values(), numbers, strict=True):
            order.append(value)

    def _chosen(self, car: Facts) -> Iterator[int]:
        """The slots of the car's facets."""
        for name, value in zip(FACETS, car.values, strict=True):
            if value is not None:
                yield self._slot(self.slots[name], value)

    def _steps(self, car: Facts) -> Iterator[int]:
        for name, at in _STEP_COLUMNS:
            number = car.numbers[at]
            if number is not None:
                yield self._slot(self.steps[name], step_of(name, number))

    def _slot(self, among: dict[Value, int], value: Value) -> int:
        slot = among.get(value)
        if slot is None:
            slot = among[value] = len(self.bitmaps)
            self.bitmaps.append(BitMap())
        return slot

    def _chosen_at(self, position: int) -> Iterator[int]:
        for among in self.slots.values():
            found = next((slot for slot in among.values() if position in self.bitmaps[slot]), None)
            if found is not None:
                yield found

    def _steps_at(self, position: int) -> Iterator[int]:
        for name in STEPS:
            value = self.orders[name].value(position)
            if value is not None:
                yield self.steps[name][step_of(name, value)]


def _likeness(car: Facts) -> tuple[object, ...]:
    """Cars that lie side by side make runs, which bitmaps keep in few bytes and count at once.

    By price, as a million cars then have their prices in 0.1 MB instead of 4, counted in half the time.
    """
    make, model, *_others, status = car.values
    return status, make, model, car.numbers[_PRICE] or 0


def _names(car: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    make, model = car.values[0] or "", car.values[1] or ""
    return (make, car.make), (make, model, car.model)


def _naming(named: Iterable[tuple[str, ...]]) -> Naming:
    labels: dict[str, dict[str, str]] = {"make": {}, "model": {}}
    makes_of: dict[str, set[str]] = defaultdict(set)
    for *slugs, label in named:
        of = labels["make" if len(slugs) == 1 else "model"]
        of[slugs[-1]] = max(of.get(slugs[-1], ""), label)
        if len(slugs) > 1:
            makes_of[slugs[1]].add(slugs[0])
    return Naming(labels, {model: tuple(sorted(makes)) for model, makes in makes_of.items()})


def _picker(slots: tuple[int, ...]) -> Callable[[Sequence[int]], Sequence[int]]:
    if len(slots) > 1:
        return itemgetter(*slots)
    return lambda row: [row[slot] for slot in slots]
