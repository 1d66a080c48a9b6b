"""What a large stock costs each worker in memory, beside a small one."""

import time

from tests.benchmarks import processes
from tests.benchmarks.addresses import take
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import MILLION, row
from tests.benchmarks.servers import BROWSER, Served, serving

_ASKED = 40  # listings of every kind: whatever is kept in memory is built by then
_LIMIT = 110.0  # MB at a million cars
_STEADY = 2.0  # seconds without growth
_PATIENCE = 120.0


def measure(bench: Bench) -> None:
    """Resident memory of a worker after the same requests, less that with the smallest stock."""
    held = {}
    for cars in bench.mode.sizes:
        server = bench.kroi(cars)
        with serving(server):
            bench.settle(server, cars)
            shoppers = bench.shoppers(bench.base, "memory")
            paths = ["/", "/cars/", *take(shoppers.many(), _ASKED), *take(shoppers.few(), _ASKED)]
            server.turn(paths, _PATIENCE, connections=1, once=True, headers=BROWSER)
            held[cars] = _steady(server)
    for cars in bench.mode.sizes[1:]:
        more = (held[cars] - held[bench.base]) / 1e6
        limit = _LIMIT if cars == MILLION else None
        what = f"Memory of a worker, above that with {bench.base:,} cars"
        note = f"{held[cars] / 1e6:,.0f} MB in all"
        bench.rows.append(row(f"memory/{cars}", what, bench.engine, cars, more, unit="MB", limit=limit, note=note))


def _steady(server: Served) -> int:
    """Bytes held, once they stopped growing: something may still be building."""
    until, last, since = time.monotonic() + _PATIENCE, 0, time.monotonic()
    while time.monotonic() < until and time.monotonic() - since < _STEADY:
        now = max(map(processes.resident_bytes, server.workers))
        if now > last * 1.002:
            last, since = now, time.monotonic()
        time.sleep(0.1)
    return max(map(processes.resident_bytes, server.workers))
