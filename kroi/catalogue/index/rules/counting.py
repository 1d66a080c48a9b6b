"""The numbers of a listing page out of the index. What a page does not look at costs no more than its counts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from kroi.catalogue.index.rules.asking import Asking
from kroi.catalogue.index.rules.stock import Naming, Stock
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
    everything = stock.rows.get()
    options, steps, numbers = {}, {}, {}
    for name in FACETS:
        shape = stock.shape(name)
        counted, of = asking.counts(name, shape), shape.pick(everything)
        numbers[name] = len(of) - of.count(0)
        options[name] = partial(_options, name, stock.naming, shape.values, counted, of)
    for name in STEPS:
        shape = stock.shape(name, steps=True)
        counted, of = asking.counts(name, shape), shape.pick(everything)
        steps[name] = partial(_steps, shape.values, counted, of)
    return Counts(
        total=asking.total(),
        on_sale=len(stock),
        before=asking.before(cursor) if cursor else 0,
        options=Later(options),
        steps=Later(steps),
        dropped=asking.dropped(),
        known=known,
        numbers=numbers,
    )


def with_dropped(found: Counts, more: Mapping[str, int]) -> Counts:
    """The same, with what it costs to drop parts that were ignored."""
    return replace(found, dropped={name: found.dropped.get(name, number) for name, number in more.items()})


def _options(
    name: str, naming: Naming, values: Sequence[str], counted: Sequence[int], of: Sequence[int]
) -> tuple[Option, ...]:
    labels = naming.labels.get(name, {})
    makes: Mapping[str, tuple[str, ...]] = naming.makes_of if name == "model" else {}
    return tuple(
        Option(value, labels.get(value, value), count, makes.get(value, ()))
        for value, count, there in zip(values, counted, of, strict=True)
        if there
    )


def _steps(values: Sequence[Any], counted: Sequence[int], of: Sequence[int]) -> dict[int, Step]:
    return {at: Step(count, there) for at, count, there in zip(values, counted, of, strict=True) if there}
