"""What the database was asked, how long it took and what became of it; for pages and metrics, without anybody's data.

Every function tells of this process alone, since it started.
"""

from kroi.db.statistics.counters import (
    Counts,
    PoolState,
    Query,
    Total,
    counts,
    forget_everything,
    pools,
    recent,
    slow,
    totals,
)
from kroi.db.statistics.rules import BOUNDS_MS

__all__ = [
    "BOUNDS_MS",
    "Counts",
    "PoolState",
    "Query",
    "Total",
    "counts",
    "forget_everything",
    "pools",
    "recent",
    "slow",
    "totals",
]
