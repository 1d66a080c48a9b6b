"""Looks into Kroi from within, in a process of its own for each stock: its queries one by one, and its counting.

Reads its order as a line of JSON on standard input and writes what it found as one on standard output. Each further
line asks for one more round of timing the queries, so that stocks of several sizes take turns: a slow minute of the
machine must not look like a large stock.
"""

import gc
import json
import re
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from kroi.catalogue import forms
from kroi.catalogue.index import service as indexes
from kroi.catalogue.listing import counts
from kroi.db.model import db, session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from tests.benchmarks.addresses import Shoppers, take
from tests.support.databases import settings_for

_SEEN, _ALIKE = 500, 4  # sets of parameters noted of one statement, and timed: those that find most
_CARS = 400  # whose pages are asked for: enough for a few that have many like them
_TIMES = 8  # each of them in a round, of which the fastest counts
_ENOUGH = 0.4  # seconds spent on one statement in a round
_PATIENCE = 900.0  # seconds
_COUNT_SECONDS = 8.0  # spent on counting one kind of filter
_OWN = re.compile(r"\((?:[?]|%\(\w+\)s)(?:, (?:[?]|%\(\w+\)s))*\)")  # lists of values, long or short


@dataclass(frozen=True)
class Order:
    """Which database, how many cars the addresses may fit, and how many addresses of each kind."""

    url: str
    scratch: str
    cars: int
    samples: int


@dataclass
class Statement:
    """One query: the first address that asked it, and how it was sent, with its parameters."""

    sql: str
    path: str
    sent: list[tuple[str, Any]] = field(default_factory=list)


def paths(app: Flask, order: Order) -> Iterator[str]:
    """Public addresses of every kind that there is."""
    shoppers, some = Shoppers(7, order.cars), order.samples
    slugs = shoppers.slugs()[:_CARS]
    names = [path.rsplit("/", 1)[1] for path in slugs]
    yield from ("/", "/cars/", "/contact", "/privacy", "/robots.txt", "/cars/no-such-car-toyota")
    yield from ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-1.xml")
    for sort in ("price", "-price", "mileage", "year"):
        yield f"/cars/?sort={sort}"
    for kind in (shoppers.few(), shoppers.many(), shoppers.any(), shoppers.words()):
        yield from take(kind, some)
    yield from ("/cars/?make=toyota&min_price=9000000", "/cars/?page=3", "/cars/?q=toyota+corolla")
    yield "/cars/?make=no-such-make&model=no-such-model"
    yield from slugs
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "slug" in rule.arguments]
    for rule in rules:
        if rule.arguments == {"slug"} and not rule.rule.startswith("/staff"):
            yield from (rule.rule.replace("<slug>", name) for name in names[:some])
    more = {
        "/api/v1/cars": ["", "?body=estate", "?q=diesel+estate"],
        **dict.fromkeys(("/compare", "/favourites", "/recent"), ["?" + "&".join(f"car={name}" for name in names[:3])]),
        "/cars/suggestions": ["?q=toy", "?q=golf"],
    }
    known = {rule.rule for rule in app.url_map.iter_rules()}
    yield from (path + query for path, queries in more.items() if path in known for query in queries)


def watch(app: Flask, order: Order) -> dict[str, Statement]:
    """Ask every address once, and note which statements with which parameters that took."""
    found: dict[str, Statement] = {}
    here, ours = [""], threading.get_ident()

    def note(connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        key = _OWN.sub("(…)", sql)
        if threading.get_ident() != ours:  # the index is built and checked beside the pages
            return
        if sql.lstrip()[:6].upper() in ("SELECT", "WITH A") and "set_config" not in sql:
            statement = found.setdefault(key, Statement(key, here[0]))
            if len(statement.sent) < _SEEN:
                statement.sent.append((sql, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    client = app.test_client()
    for path in paths(app, order):
        here[0] = path
        client.get(path)
    event.remove(db.engine, "before_cursor_execute", note)
    for statement in found.values():
        statement.sent = sorted(statement.sent, key=_rows, reverse=True)[:_ALIKE]
    return found


def _rows(sent: tuple[str, Any]) -> int:
    """How much a query finds: one that has a limit grows to it, so what it costs at most is what is compared."""
    cursor = session.connection().connection.cursor()
    cursor.execute(*sent)
    return len(cursor.fetchall())


def time_once(statements: Iterable[Statement]) -> list[list[float]]:
    """Milliseconds of each statement with each of its sets of parameters."""
    return [[_timed(sql, given, len(one.sent)) for sql, given in one.sent] for one in statements]


def _timed(sql: str, parameters: Any, sets: int) -> float:
    """The fastest of a few times, by the driver itself, with the role that pages act in."""
    cursor, best, begun = session.connection().connection.cursor(), float("inf"), time.perf_counter()
    for _ in range(_TIMES):
        before = time.perf_counter()
        cursor.execute(sql, parameters)
        cursor.fetchall()
        best = min(best, time.perf_counter() - before)
        if time.perf_counter() - begun > _ENOUGH / sets:
            break
    cursor.close()
    return best * 1000


def count(app: Flask, order: Order) -> dict[str, list[float]]:
    """Milliseconds of counting, by kind of filter; every filter is another, read as the page reads it."""
    shoppers = Shoppers(11, order.cars)
    kinds = {"up to two facets": shoppers.few(), "more facets and spans": shoppers.many(), "words": shoppers.words()}
    return {name: _counted(app, drawn, order.samples * 25) for name, drawn in kinds.items()}


def _counted(app: Flask, drawn: Iterator[str], most: int) -> list[float]:
    found: list[float] = []
    until = time.perf_counter() + _COUNT_SECONDS
    for address in islice(drawn, most):
        with app.test_request_context(address):
            wanted = forms.asked().filter
        with _no_collecting():
            before = time.perf_counter()
            counts.count(wanted)
            found.append((time.perf_counter() - before) * 1000)
        if time.perf_counter() > until:
            break
    return found


def wait_for_index() -> float:
    """Seconds until the index is there: it is built beside the pages, which ask the database meanwhile."""
    begun = time.perf_counter()
    while indexes.current() is None and time.perf_counter() - begun < _PATIENCE:
        session.rollback()
        time.sleep(0.2)  # to ask more often would keep the builder from its work
    return time.perf_counter() - begun


@contextmanager
def _no_collecting() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def serve(lines: Iterator[str]) -> Iterator[Any]:
    """What was found by the order in the first line, then one round of times for each further line."""
    order = Order(**json.loads(next(lines)))
    app = create_app(settings_for(order.url, Path(order.scratch)))
    with app.app_context(), acting_for(dealerships.get_only_or_by_host(None).id):
        waited = wait_for_index()
        counted, watched = count(app, order), list(watch(app, order).values())
        yield {
            "index": waited,
            "counts": counted,
            "statements": [{"sql": one.sql, "path": one.path} for one in watched],
        }
        for _line in lines:
            yield time_once(watched)
        session.remove()
        db.engine.dispose()


if __name__ == "__main__":
    for _found in serve(iter(sys.stdin.readline, "")):
        sys.stdout.write(json.dumps(_found) + "\n")
        sys.stdout.flush()
