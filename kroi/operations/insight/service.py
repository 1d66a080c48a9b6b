"""What all server processes and the worker counted together, as `/metrics` adds it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from kroi.cache import Lookups
from kroi.db.statistics import BOUNDS_MS, Counts
from kroi.operations.insight import rules
from kroi.operations.metrics.service import Book

Totals = Mapping[tuple[str, ...], float]


@dataclass(frozen=True)
class Pool:
    """A pool over all processes: connections lent out, open, allowed at most, and how many wait for one."""

    name: str
    lent: int
    open: int
    most: int
    waiting: int


@dataclass(frozen=True)
class Seen:
    """Everything since `since` (UTC). `times` says how many statements are in each of the buckets of `BOUNDS_MS`."""

    since: datetime | None
    processes: int
    counts: Counts
    times: list[int]
    pools: list[Pool]
    shared: Lookups
    pages: Lookups


def look() -> Seen | None:
    """As of a second ago; `None` when the folder of figures cannot be read."""
    book: Book = current_app.extensions["kroi.metrics"]
    try:
        totals = book.totals()
    except OSError:
        return None
    return Seen(
        since=book.folder.since(),
        processes=_number(totals, "kroi_processes"),
        counts=_counts(totals),
        times=_times(totals),
        pools=_pools(totals),
        shared=Lookups(*(_number(totals, "kroi_cache_lookups_total", each) for each in ("hit", "miss"))),
        pages=Lookups(*(_number(totals, "kroi_pages_total", each) for each in ("memory", "made"))),
    )


def find_main(seen: Seen | None) -> Pool | None:
    """The pool that pages and chores share."""
    return next((pool for pool in seen.pools if pool.name == "main"), None) if seen else None


def _counts(totals: Totals) -> Counts:
    found = Counts(
        queries=_number(totals, "kroi_db_queries_total", "all"),
        milliseconds=1000 * totals.get(("kroi_db_query_duration_seconds_sum",), 0.0),
        transaction_milliseconds=1000 * totals.get(("kroi_db_transaction_seconds_total",), 0.0),
        replica_reads=_number(totals, "kroi_db_replica_reads_total", "answered"),
        replica_refused=_number(totals, "kroi_db_replica_reads_total", "refused"),
    )
    queries = {name: _number(totals, "kroi_db_queries_total", name) for name in ("slow", "failed", "given_up")}
    endings = ("committed", "rolled_back", "retried", "overdue", "unknown")
    ended = {name: _number(totals, "kroi_db_transactions_total", name) for name in endings}
    happened = ("opened", "lost", "leaked", "refused")
    connections = {name: _number(totals, "kroi_db_connections_total", name) for name in happened}
    for name, number in {**queries, **ended, **connections}.items():
        setattr(found, name, number)
    return found


def _times(totals: Totals) -> list[int]:
    bounds = [*(repr(each / 1000) for each in BOUNDS_MS), "+Inf"]
    return rules.apart([totals.get(("kroi_db_query_duration_seconds_bucket", bound), 0.0) for bound in bounds])


def _pools(totals: Totals) -> list[Pool]:
    names = sorted({key[1] for key in totals if key[0] == "kroi_db_pool_connections"})
    states = ("lent", "open", "most", "waiting")
    return [Pool(name, *(_number(totals, "kroi_db_pool_connections", name, each) for each in states)) for name in names]


def _number(totals: Totals, *key: str) -> int:
    return round(totals.get(key, 0.0))
