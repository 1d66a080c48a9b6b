"""Compares an index with the database now and then: what somebody changed behind our back is noticed."""

import logging
from itertools import count
from random import Random

from kroi.catalogue.changes import watch
from kroi.catalogue.index import queries
from kroi.catalogue.index.keeping import Kept, keeper
from kroi.catalogue.index.rules.stock import ON_SALE, Stock
from kroi.catalogue.rules.filters import FACETS
from kroi.db.tenancy import current_dealership_id

_log = logging.getLogger(__name__)
_SAMPLE = 100  # cars that are compared in full
_TRIES = 3
_turns = count()
_random = Random()


def check() -> bool:
    """Does the index agree with the database? One that does not is forgotten, and made anew when somebody asks."""
    mine = current_dealership_id()
    kept = keeper.find(mine)
    if kept is None:
        return True
    for _each in range(_TRIES):
        wrong = _find_wrong(kept)
        if wrong is None:
            continue  # something was changed meanwhile
        if wrong:
            _log.error("the index of dealership %d disagrees with the database about %s: made anew", mine, wrong)
            keeper.replace(kept, mine)
        return not wrong
    return True


def _find_wrong(kept: Kept) -> str | None:
    """What differs, nothing when nothing does; `None` when nobody can say, because cars are changed right now."""
    with kept.lock:
        kept.catch_up()
        version, stock = kept.version, kept.stock
        facet = list(FACETS)[next(_turns) % len(FACETS)]
        ids = _some_ids(stock)
        here = stock.sums(), _values(stock, facet)
    there = queries.get_sums(), queries.count_values(facet)
    cars = queries.list_cars(ids)
    with kept.lock:
        if kept.version != version or watch.look() != version:
            return None
        if here[0] != there[0]:
            return "its numbers"
        if here[1] != there[1]:
            return f"its values of {facet}"
        return "" if all(map(stock.agrees, cars)) else "a car"


def _values(stock: Stock, facet: str) -> dict[str, int]:
    row = stock.rows.get()
    return {value: row[slot] for value, slot in stock.slots[facet].items() if row[slot]}


def _some_ids(stock: Stock) -> list[int]:
    number = len(stock)
    chosen = _random.sample(range(number), min(_SAMPLE, number))
    return [stock.ids.array[stock.bitmaps[ON_SALE][at]] for at in chosen]
