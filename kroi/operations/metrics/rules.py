"""The metrics there are: names, kinds, labels and words; the shape in which a process hands over what it counted."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds (seconds) of the buckets that answers are counted in; slower ones are in one bucket more."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class Kind(enum.StrEnum):
    """How values of several processes become one: counters and histograms add up, gauges of the living do."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


@dataclass(frozen=True)
class Metric:
    """One metric; its name as a query writes it, without the suffixes of a histogram."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Value:
    """One number of one metric, by its labels; `suffix` tells the parts of a histogram apart."""

    metric: Metric
    labels: tuple[str, ...]
    number: float
    suffix: str = ""
    bound: str = ""


@dataclass(slots=True)
class Times:
    """How often something took how long: seconds in all, and how many in each bucket."""

    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


_C, _H, _G = Kind.COUNTER, Kind.HISTOGRAM, Kind.GAUGE
REQUESTS = Metric("kroi_http_requests_total", _C, "Answers by the rule of the address", ("route", "method", "status"))
DURATIONS = Metric("kroi_http_request_duration_seconds", _H, "Time until an answer began", ("route",))
PAGES = Metric("kroi_pages_total", _C, "Public pages by where they came from and how they went", ("result",))
LOOKUPS = Metric("kroi_cache_lookups_total", _C, "Questions to the shared cache", ("result",))
QUERIES = Metric("kroi_db_query_duration_seconds", _H, "Time of a statement")
TROUBLES = Metric("kroi_db_queries_total", _C, "Statements, and those among them that were slow or failed", ("result",))
TRANSACTIONS = Metric("kroi_db_transactions_total", _C, "Transactions by how they ended", ("outcome",))
IN_TRANSACTION = Metric("kroi_db_transaction_seconds_total", _C, "Time spent in transactions")
CONNECTIONS = Metric("kroi_db_connections_total", _C, "What happened to connections", ("event",))
REPLICA = Metric("kroi_db_replica_reads_total", _C, "Reads that a replica answered, or was too late for", ("outcome",))
POOL = Metric("kroi_db_pool_connections", _G, "Connections now, over all processes", ("pool", "state"))
CHORES = Metric("kroi_worker_chores_total", _C, "Rounds of each chore of the worker", ("chore", "outcome"))
PROCESSES = Metric("kroi_processes", _G, "Processes that serve")
COUNTED = (
    REQUESTS, DURATIONS, PAGES, LOOKUPS, QUERIES, TROUBLES, TRANSACTIONS, IN_TRANSACTION, CONNECTIONS, REPLICA, POOL,
    CHORES, PROCESSES,
)  # fmt: skip
"""What every process counts for itself."""

INFO = Metric("kroi_info", _G, "The version that answered", ("version",))
HEALTH = Metric("kroi_health_state", _G, "0 healthy, 1 degraded, 2 unhealthy", ("part",))
LATENCY = Metric("kroi_db_latency_seconds", _G, "Time of the smallest question to the database")
DISK = Metric("kroi_disk_free_bytes", _G, "Room on the disk of photos and mails")
WAITING = Metric("kroi_queue_messages", _G, "Messages that should have left already")
QUEUE_AGE = Metric("kroi_queue_oldest_seconds", _G, "How late the oldest of them is")
BACKUP_AGE = Metric("kroi_backup_age_seconds", _G, "Age of the last backup that was read back whole; none without one")
BACKUP_FAILED = Metric("kroi_backup_failed", _G, "1 when one failed since the last good one")
RESTORE = Metric("kroi_restore_trial_seconds", _G, "How long it took to restore the last backup for a trial")
TURN = Metric("kroi_worker_turn_age_seconds", _G, "Seconds since the worker ended a round; none where it never did")
REPLICA_UP = Metric(
    "kroi_db_replica_up", _G, "1 while the replica keeps up, 0 when it is late or away; none without one"
)
REPLICA_BEHIND = Metric("kroi_db_replica_behind_seconds", _G, "How far the replica is behind; none while it is away")
LEADS = Metric("kroi_leads", _G, "Leads of all dealerships by status", ("status",))
SEEN = (
    INFO, HEALTH, LATENCY, DISK, WAITING, QUEUE_AGE, BACKUP_AGE, BACKUP_FAILED, RESTORE, TURN, REPLICA_UP,
    REPLICA_BEHIND, LEADS,
)  # fmt: skip
"""What is looked at when somebody asks."""


def sums(metric: Metric, numbers: Mapping[str, float]) -> list[Value]:
    """One value for each label."""
    return [Value(metric, (label,), number) for label, number in numbers.items()]


def spread(
    metric: Metric, labels: tuple[str, ...], bounds: Sequence[float], buckets: Sequence[int], total: float
) -> Iterable[Value]:
    """A histogram's buckets (not added up, as they are kept) and its sum."""
    for bound, number in zip([*map(repr, map(float, bounds)), "+Inf"], buckets, strict=True):
        yield Value(metric, labels, number, "_bucket", bound)
    yield Value(metric, labels, total, "_sum")
