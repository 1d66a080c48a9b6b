"""Makes an index out of the database, in small steps between which other threads may run."""

import contextlib
import ctypes
from collections.abc import Callable

from kroi.catalogue.changes import watch
from kroi.catalogue.index import queries
from kroi.catalogue.index.rules.stock import Stock


def build_small(most: int) -> tuple[int, Stock] | None:
    """The index and its version, if there are no more than `most` cars on sale."""
    version = watch.look()  # before the cars: what changes meanwhile is read once more
    cars = queries.list_first(most + 1)
    if len(cars) > most:
        return None
    stock = Stock()
    stock.fill(cars)
    stock.order()
    stock.fill_texts((car.id, car.number, car.text) for car in cars)
    stock.texts.freeze()
    return version, stock


def _give_back() -> None:
    """Give the memory that building needed back to the system, where its C library knows how."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def build(breathe: Callable[[], None]) -> tuple[int, Stock]:
    """The index and its version, whatever the size. `breathe` is called often, and may raise to give up."""
    version = watch.look()
    stock = Stock()
    for cars in queries.stream_cars():
        breathe()
        stock.fill(cars)
    stock.order()
    for texts in queries.stream_texts():
        breathe()
        stock.fill_texts(texts)
    stock.texts.freeze()
    _give_back()
    return version, stock
