"""The numbers of a listing page out of the index. What a page does not look at costs no more than its counts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from kroi.catalogue.index.rules.asking import Asking
from kroi.catalogue.index.rules.stock import Naming, Shape, Stock
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import FACETS
from kroi.catalogue.rules.numbers import STEPS, Counts, Option, Step

Built = TypeVar("Built")
Known = Mapping[str, Mapping[str, str]]


class Later(Mapping[str, Built]):
    """Values that are made when they are first looked at."""

    def __init__(self, makers: Mapping[str, Callable[[], Built]]) -> None:
        self._makers = makers
        self._made: dict[str, Built] = {}

    def __getitem__(self, name: str) -> Built:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def counts(stock: Stock, asking: Asking, cursor: Cursor | None, known: Known) -> Counts:
    """All numbers for one filter."""
    everything = stock.rows.get()[:]  # as it is now: the row itself follows the stock
    options, steps, numbers = {}, {}, {}
    for name in FACETS:
        shape = stock.shape(name)
        counted = asking.counts(name, shape)
        numbers[name] = partial(_number, shape, everything)
        options[name] = partial(_options, name, stock.naming, shape, counted, everything)
    for name in STEPS:
        shape = stock.shape(name, steps=True)
        steps[name] = partial(_steps, shape, asking.counts(name, shape), everything)
    return Counts(
        total=asking.total(),
        on_sale=len(stock),
        before=asking.before(cursor) if cursor else 0,
        options=Later(options),
        steps=Later(steps),
        dropped=asking.dropped(),
        known=known,
        numbers=Later(numbers),
    )


def with_dropped(found: Counts, more: Mapping[str, int]) -> Counts:
    """The same, with what it costs to drop parts that were ignored."""
    return replace(found, dropped={name: found.dropped.get(name, number) for name, number in more.items()})


def _number(shape: Shape, everything: Sequence[int]) -> int:
    of = shape.pick(everything)
    return len(of) - of.count(0)


def _options(
    name: str, naming: Naming, shape: Shape, counted: Sequence[int], everything: Sequence[int]
) -> tuple[Option, ...]:
    labels = naming.labels.get(name, {})
    makes: Mapping[str, tuple[str, ...]] = naming.makes_of if name == "model" else {}
    return tuple(
        Option(value, labels.get(value, value), count, makes.get(value, ()))
        for value, count, there in zip(shape.values, counted, shape.pick(everything), strict=True)
        if there
    )


def _steps(shape: Shape, counted: Sequence[int], everything: Sequence[int]) -> dict[int, Step]:
    of = shape.pick(everything)
    return {at: Step(count, there) for at, count, there in zip(shape.values, counted, of, strict=True) if there}
