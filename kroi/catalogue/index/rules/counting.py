"""The numbers of a listing page out of the index."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress

from kroi.catalogue.index.rules.asking import Asking
from kroi.catalogue.index.rules.stock import Shape, Stock
from kroi.catalogue.places.rules import Spots
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import FACETS
from kroi.catalogue.rules.numbers import STEPS, Counts, Steps, Tally

Known = Mapping[str, Mapping[str, str]]


def counts(stock: Stock, asking: Asking, cursor: Cursor | None, known: Known, spots: Spots) -> Counts:
    """All numbers for one filter, which asks for places by their ids; they are counted by the codes of `spots`."""
    everything = stock.rows.get()
    facets, steps = {}, {}
    for name in FACETS:
        shape = stock.shape(name)
        facets[name] = _tally(shape, asking.counts(name, shape), shape.pick(everything))
    total, dropped = asking.total(), asking.dropped()
    facets["location"] = _placed(stock, spots, facets["location"], dropped.get("location", total))
    for name in STEPS:
        shape = stock.shape(name, steps=True)
        steps[name] = _steps(shape, asking.counts(name, shape), shape.pick(everything))
    return Counts(
        total=total,
        on_sale=len(stock),
        before=asking.before(cursor) if cursor else 0,
        facets=facets,
        steps=steps,
        naming=stock.naming,
        dropped=dropped,
        known=known,
    )


def _placed(stock: Stock, spots: Spots, found: Tally, total: int) -> Tally:
    """The counts of locations as those of places; `total` are all cars that fit wherever they stand."""
    if not spots:
        return Tally((), ())
    of, row = stock.slots["location"], stock.rows.get()
    everywhere = {value: row[slot] for value, slot in of.items()}
    return spots.tally(dict(zip(*found, strict=True)), everywhere, total, len(stock))


def with_dropped(found: Counts, more: Mapping[str, int]) -> Counts:
    """The same, with what it costs to drop parts that were ignored."""
    return replace(found, dropped={name: found.dropped.get(name, number) for name, number in more.items()})


def _tally(shape: Shape, counted: Sequence[int], of: Sequence[int]) -> Tally:
    if all(of):
        return Tally(shape.values, counted)
    return Tally(tuple(compress(shape.values, of)), tuple(compress(counted, of)))


def _steps(shape: Shape, counted: Sequence[int], of: Sequence[int]) -> Steps:
    if all(of):
        return Steps(shape.values, counted, tuple(of))
    return Steps(tuple(compress(shape.values, of)), tuple(compress(counted, of)), tuple(filter(None, of)))
