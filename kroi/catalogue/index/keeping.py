"""Keeps one index for each dealership that is asked about: built once, told of every change, thrown away when wrong.

Small stocks are indexed at once. Larger ones are left to a thread, and the database answers meanwhile.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, current_app

from kroi.catalogue.changes import watch
from kroi.catalogue.index import building, queries
from kroi.catalogue.index.rules.stock import Stock
from kroi.catalogue.rules.numbers import Naming
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import in_transaction

_log = logging.getLogger(__name__)
AT_ONCE = 100  # cars: fewer are indexed as quickly as the database counts them
_MOST_READ = 2_000  # changed cars that are read one by one, and fewer of a small stock:
_FEW, _PART = 40, 25  # so many and one in so many, which is quicker than counting by the database
_SPARE = 5_000  # positions without a car, and as many as there are cars: then the index is made anew
_MOST_FORMER = 2_000  # makes and models that are remembered not to be on sale
_A_WHILE = 0.002  # seconds that rows are counted before anybody asks, between two rests
_PAUSE = 10.0  # seconds before another try, when the database could not be read


Made = TypeVar("Made")


@dataclass
class Kept:
    """The index of one dealership. Whoever reads or changes the stock holds the lock."""

    version: int
    stock: Stock
    lock: threading.RLock = field(default_factory=threading.RLock)
    _rows: Iterator[tuple[int, ...]] | None = None
    _former: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _remembered: dict[str, tuple[tuple[Naming, int], Any]] = field(default_factory=dict)

    def catch_up(self) -> bool:
        """Read what changed since; `False` when nobody can say what did, or when it is too much."""
        version, changed = watch.news(self.version)
        if changed is None or len(changed) > min(_FEW + len(self.stock) // _PART, _MOST_READ):
            return False
        if changed:
            self.read(changed)
        self.version = version
        return True

    def read(self, car_ids: Collection[int]) -> None:
        """Take these cars as the database has them now."""
        self._former.clear()
        cars = {car.id: car for car in queries.list_cars(car_ids)}
        for car_id in car_ids:
            if car_id in cars:
                self.stock.put(cars[car_id])
            else:
                self.stock.drop(car_id)

    def former(self, facet: str, values: Sequence[str]) -> dict[str, str]:
        """What makes or models are called that once were ours, of these, which are not on sale."""
        if any((facet, value) not in self._former for value in values):
            if len(self._former) > _MOST_FORMER:
                self._former.clear()
            found = queries.find_labels(facet, values)
            self._former |= {(facet, value): found.get(value) for value in values}
        labels = {value: self._former[facet, value] for value in values}
        return {value: label for value, label in labels.items() if label is not None}

    def remembered(self, name: str, make: Callable[[], Made]) -> Made:
        """Something made of the words of the stock, kept until one comes or goes."""
        state = self.stock.naming, self.stock.texts.number
        found = self._remembered.get(name)
        if found is None or found[0][0] is not state[0] or found[0][1] != state[1]:
            found = self._remembered[name] = state, make()
        made: Made = found[1]
        return made

    def prepare(self) -> bool:
        """Count some more rows that somebody may ask for; `False` when there is none left."""
        until = time.monotonic() + _A_WHILE
        while more := self._prepare_one():
            if time.monotonic() > until:
                break
        return more

    def _prepare_one(self) -> bool:
        with self.lock:
            if self._rows is None:
                slots = self.stock.slots
                groups = [tuple(among.values()) for name, among in slots.items() if name != "model"]
                self._rows = self.stock.rows.missing(groups)
            key = next(self._rows, None)
            if key:
                self.stock.rows.get(*key)
            return key is not None

    @property
    def is_worn(self) -> bool:
        """Has so much changed that an index made anew would be smaller and quicker?"""
        return self.stock.positions > 2 * len(self.stock) + _SPARE


class Keeper:
    """All indexes of this process."""

    def __init__(self) -> None:
        self._kept: dict[int, Kept] = {}
        self._wanted: dict[int, float] = {}  # dealerships whose index is being made: until when nobody tries again
        self._process = os.getpid()
        self.used: Callable[[Flask, int], None] | None = None  # told that a dealership's index is asked for
        self.make: Callable[[Flask, int], None] | None = None  # asked for an index that is too large to make at once

    def current(self) -> Kept | None:
        """The dealership's index as it should be now, or `None`: then the database must be asked.

        Inside a transaction it is always the database, which alone knows what is not stored yet.
        """
        if in_transaction():
            return None
        if self._process != os.getpid():
            self.forget_everything()
        mine = current_dealership_id()
        kept = self._kept.get(mine) or self._small(mine)
        if kept is None:
            return None
        with kept.lock:
            if (watch.is_due(mine) or watch.version() != kept.version) and not kept.catch_up():
                self.drop(mine)
                return self._small(mine)
            if kept.is_worn:
                self._want(mine)
        if self.used:
            self.used(_app(), mine)
        return kept

    def put(self, dealership_id: int, version: int, stock: Stock) -> Kept:
        """This is the dealership's index from now on."""
        self._wanted.pop(dealership_id, None)
        kept = self._kept[dealership_id] = Kept(version, stock)
        return kept

    def drop(self, dealership_id: int) -> None:
        """The index is too old."""
        self._kept.pop(dealership_id, None)

    def forget_everything(self) -> None:
        """The database is another one now, or the process is."""
        self._kept.clear()
        self._wanted.clear()
        self._process = os.getpid()

    def find(self, dealership_id: int) -> Kept | None:
        """The index as it is, perhaps behind."""
        return self._kept.get(dealership_id)

    def replace(self, wrong: Kept, dealership_id: int) -> None:
        """This index is wrong: forget it, unless it was replaced already."""
        if self._kept.get(dealership_id) is wrong:
            self.drop(dealership_id)

    def _small(self, mine: int) -> Kept | None:
        """An index made at once, if the stock is small; if not, one is wanted."""
        if time.monotonic() < self._wanted.get(mine, 0):
            return None
        made = building.build_small(AT_ONCE)
        if made:
            return self.put(mine, *made)
        self._want(mine)
        return None

    def _want(self, mine: int) -> None:
        if time.monotonic() < self._wanted.get(mine, 0):
            return
        self._wanted[mine] = time.monotonic() + _PAUSE
        if self.make:
            self.make(_app(), mine)


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]  # the proxy says it is it


keeper = Keeper()
