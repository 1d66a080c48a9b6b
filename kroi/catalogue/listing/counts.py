"""The numbers of the list: total, counts beside choices, histograms, place in the list, what a filter costs.

A choice of one filter is judged under all the others, so its count is the cars that miss nothing, or only that filter;
the total is those that miss nothing; and dropping one filter would add those that miss only that one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kroi.cache import cached
from kroi.catalogue.changes import watch
from kroi.catalogue.index import service as indexes
from kroi.catalogue.listing.statement import KNOWN, PLACE, STEPS, TRIPLES, statement, sums
from kroi.catalogue.places import queries as places
from kroi.catalogue.places.rules import Spots
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import FACETS, CarFilter
from kroi.catalogue.rules.numbers import Counts, Naming, Steps, Tally
from kroi.db.model import session

__all__ = ["Counts", "count", "count_each", "count_in_database"]


def count(wanted: CarFilter, cursor: Cursor | None = None) -> Counts:
    """Everything counted, exactly."""
    index = indexes.current()
    return index.count(wanted, cursor) if index else count_in_database(wanted, cursor)


def count_each(filters: Sequence[CarFilter]) -> list[int]:
    """How many cars match each of these filters."""
    index = indexes.current()
    return [index.count_all(wanted) for wanted in filters] if index else _count_each_in_database(filters)


@cached("cars", seconds=300, version=watch.version)
def count_in_database(wanted: CarFilter, cursor: Cursor | None = None) -> Counts:
    """Everything counted by the database, in one statement; the index must say the same."""
    bits, spots = {name: 1 << at for at, name in enumerate(wanted.active())}, places.get_spots()
    tally = _Tally(bits, spots)
    for row in session.execute(statement(wanted, cursor, bits, placed=bool(spots))):
        tally.add(*row)
    return tally.counts()


@cached("cars", seconds=300, version=watch.version)
def _count_each_in_database(filters: Sequence[CarFilter]) -> list[int]:
    return [found or 0 for found in session.execute(sums(filters)).one()] if filters else []


class _Tally:
    """Adds the statement's rows up."""

    def __init__(self, bits: Mapping[str, int], spots: Spots) -> None:
        self._bits, self._spots = bits, spots
        self._facets: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        self._steps: dict[str, dict[int, tuple[int, int]]] = {name: {} for name in STEPS}  # fitting, and all
        self._masks: Counter[int] = Counter()
        self._labels: dict[str, dict[str, str]] = {"make": {}, "model": {}}
        self._known: dict[str, dict[str, str]] = defaultdict(dict)
        self._makes_of: dict[str, set[str]] = defaultdict(set)
        self._before = 0

    def add(self, kind: str, *row: Any) -> None:
        """One row of the statement."""
        first, second, third, name, other_name, step, mask, flag, count = row
        if kind.startswith(KNOWN):
            self._known[kind.removeprefix(KNOWN)][first] = name
        elif kind == PLACE:
            self._facets[kind][self._spots.at(first).code] += count if self._fits(kind, mask) else 0
        elif kind in STEPS:
            self._add_step(kind, step, mask, count)
        elif kind == "model":
            self._labels["make"][first], self._labels["model"][second] = name, other_name
            self._makes_of[second].add(first)
            self._facets["make"][first] += flag
            self._facets["model"][second] += count
        else:
            self._add_triple(kind, (first, second, third), mask, count)
            self._before += count if flag and mask == 0 else 0

    def _add_triple(self, kind: str, values: Iterable[str | None], mask: int, count: int) -> None:
        names = next(names for names in TRIPLES if names[0] == kind)
        for name, value in zip(names, values, strict=True):
            if value is not None:
                self._facets[name][value] += count if self._fits(name, mask) else 0
        if names is TRIPLES[-1]:
            self._masks[mask] += count

    def _add_step(self, name: str, step: int | None, mask: int, count: int) -> None:
        if step is not None:
            fitting, everything = self._steps[name].get(step, (0, 0))
            fitting += count if self._fits(name, mask) else 0
            self._steps[name][step] = fitting, everything + count

    def _fits(self, name: str, mask: int) -> bool:
        return mask in (0, self._bits.get(name))

    def counts(self) -> Counts:
        """What it all comes to."""
        return Counts(
            total=self._masks[0],
            on_sale=self._masks.total(),
            before=self._before,
            facets={name: Tally(tuple(found), tuple(found.values())) for name, found in self._facets.items()},
            steps={name: _steps(found) for name, found in self._steps.items()},
            naming=Naming(self._labels, {model: tuple(sorted(makes)) for model, makes in self._makes_of.items()}),
            dropped={name: self._masks[0] + self._masks[bit] for name, bit in self._bits.items()},
            known=dict(self._known) | ({PLACE: self._spots.names} if self._spots else {}),
        )


def _steps(found: Mapping[int, tuple[int, int]]) -> Steps:
    fitting, everything = zip(*found.values(), strict=True) if found else ((), ())
    return Steps(tuple(found), fitting, everything)
