"""What this process has counted so far, as values: requests, pages, cache, database."""

from collections.abc import Iterator

from flask import Flask

from kroi import cache
from kroi.db import statistics
from kroi.notifications.worker import tally
from kroi.operations.metrics import rules
from kroi.operations.metrics.middleware import Measured
from kroi.operations.metrics.rules import Times, Value, spread, sums
from kroi.web.pages.middleware import PageCache


def read(app: Flask, *, serves: bool) -> list[Value]:
    """Everything. Asks no database. `serves`: it answers requests, as the worker does not."""
    measured: Measured = app.extensions["kroi.measured"]
    served = Value(rules.PROCESSES, (), int(serves))
    return [*_requests(measured), *_memory(app), *_database(), *_pools(), *_chores(app), served]


def _requests(measured: Measured) -> Iterator[Value]:
    routes: dict[str, Times] = {}
    for answered, times in measured.times().items():
        yield Value(rules.REQUESTS, answered, sum(times.buckets))
        whole = routes.setdefault(answered[0], Times())
        whole.seconds += times.seconds
        whole.buckets = [one + other for one, other in zip(whole.buckets, times.buckets, strict=True)]
    for route, whole in routes.items():
        yield from spread(rules.DURATIONS, (route,), rules.BOUNDS, whole.buckets, whole.seconds)


def _memory(app: Flask) -> list[Value]:
    pages: PageCache = app.extensions["kroi.pages"]
    found, looked = pages.shelves.described(), cache.lookups(app)
    kept = {"memory": found["hits"], "made": found["misses"]}
    gone = {name: found[name] for name in ("forgotten", "evicted")}
    return sums(rules.PAGES, kept | gone) + sums(rules.LOOKUPS, {"hit": looked.hits, "miss": looked.misses})


def _database() -> list[Value]:
    found = statistics.counts()
    bounds = [each / 1000 for each in statistics.BOUNDS_MS]
    transactions = ("committed", "rolled_back", "retried", "overdue", "unknown")
    return [
        *spread(rules.QUERIES, (), bounds, found.buckets, found.milliseconds / 1000),
        *sums(rules.TROUBLES, {"all": found.queries, "slow": found.slow, "failed": found.failed}),
        *sums(rules.TROUBLES, {"given_up": found.given_up}),
        *sums(rules.TRANSACTIONS, {name: getattr(found, name) for name in transactions}),
        Value(rules.IN_TRANSACTION, (), found.transaction_milliseconds / 1000),
        *sums(
            rules.CONNECTIONS, {name: getattr(found, name) for name in ("opened", "lost", "leaked", "refused")}
        ),
        *sums(rules.REPLICA, {"answered": found.replica_reads, "refused": found.replica_refused}),
    ]  # fmt: skip


def _chores(app: Flask) -> Iterator[Value]:
    """All that there are, also those that were never done: an alert sees only what grows from a number."""
    counted, chores = tally.counts(), app.extensions["kroi.chores"]
    for labels in ((chore.name, outcome) for chore in chores for outcome in (tally.DONE, tally.FAILED)):
        yield Value(rules.CHORES, labels, counted.get(labels, 0))


def _pools() -> Iterator[Value]:
    for name in {state.name for state in statistics.pools()}:
        states = [state for state in statistics.pools() if state.name == name]
        for label in ("open", "lent", "waiting", "most"):
            yield Value(rules.POOL, (name, label), sum(getattr(state, label) for state in states))
