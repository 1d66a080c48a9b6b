"""Asks for pages and looks into the memory behind them."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.web.pages.middleware import PageCache
from tests.support.client import Client

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def memory(app: Flask) -> PageCache:
    """The page cache of this application."""
    found: PageCache = app.extensions["kroi.pages"]
    return found


class Seen:
    """How often something happened since a moment, by the names of the figures: `hits`, `misses`."""

    def __init__(self, cache: PageCache) -> None:
        self._cache, self._before = cache, cache.shelves.described()

    def __getattr__(self, name: str) -> int:
        return int(self._cache.shelves.described()[name] - self._before[name])


@contextmanager
def seen(app: Flask) -> Iterator[Seen]:
    """What happens inside, counted from nothing."""
    yield Seen(memory(app))


def text(client: Client, path: str, **headers: str) -> str:
    """The page as a browser without compression reads it."""
    return client.get(path, headers=headers, check=False).text


def in_three_languages(dealership: Dealership) -> None:
    """It speaks English (its own), Finnish and Swedish."""
    dealership_id = dealership.id
    with acting_for(dealership_id), transaction():
        session.get_one(Dealership, dealership_id).languages = ["en", "fi", "sv"]
    dealerships.forget_map()
