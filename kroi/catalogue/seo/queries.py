"""Reads for the sitemap.

A file of many takes the cars of one block of ids, whatever has become of them: it is read by a short walk along the
keys, and it has the same cars each time, so that a robot which reads file after file misses none.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select

from kroi.catalogue.index import service as indexes
from kroi.catalogue.models import Car
from kroi.catalogue.rules import ON_SALE, CarStatus
from kroi.catalogue.rules.filters import EVERYTHING
from kroi.db.model import session

PER_FILE = 1_000  # ids of a block, and the cars on sale up to which one file holds them all


def list_blocks() -> Sequence[int]:
    """The blocks that have cars on sale; none if a single file can hold all cars."""
    index = indexes.current()
    total, blocks = (index.count_all(EVERYTHING), index.list_blocks(PER_FILE)) if index else _count_blocks()
    return blocks if total > PER_FILE else []


def _count_blocks() -> tuple[int, Sequence[int]]:
    """How many cars are on sale, and in which blocks, counted by the database."""
    block = Car.id // PER_FILE
    rows = session.execute(select(block, func.count()).where(Car.status.in_(ON_SALE)).group_by(block)).all()
    return sum(number for _block, number in rows), sorted(block for block, _number in rows)


def list_addresses(block: int | None = None) -> Sequence[tuple[str, date]]:
    """Slug and day of the last change of the cars on sale: those of a block, or all when they are few."""
    query = select(Car.slug, Car.updated_at, Car.status)
    if block is None:
        return _on_sale(query.where(Car.status.in_(ON_SALE)))
    # The status is looked at here: asked for it, a database may walk along all cars that have it.
    return _on_sale(query.where(Car.id >= block * PER_FILE, Car.id < (block + 1) * PER_FILE).order_by(Car.id))


def _on_sale(query: Select[str, datetime, CarStatus]) -> Sequence[tuple[str, date]]:
    return [(slug, at.date()) for slug, at, status in session.execute(query) if status in ON_SALE]


def list_makes() -> Iterable[str]:
    """Slugs of the makes on sale."""
    return sorted(make.value for make in indexes.vocabulary().makes)
