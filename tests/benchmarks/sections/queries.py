"""Every query of a public page at every size, with the exponent of its growth; and exact counting."""

import contextlib
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from statistics import mean
from typing import Any

from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import MILLION, Spread, percentile, row, spread_of_many
from tests.benchmarks.inside import Order
from tests.support.server import ROOT

_EXPONENT, _SLOWEST = 0.1, 100.0  # ms, of 95 of 100 queries
_COUNTED = {100_000: 0.3, MILLION: 3.0}  # ms
_SLOW = 10.0  # ms; slower queries of the largest stock are told one by one
_ROUNDS = 9  # of timing all queries, each size in turn; the fastest counts
_TOLD = 12  # queries in the details


def measure(bench: Bench) -> None:
    """Exponents, slowest queries, counting."""
    found = _look(bench)
    _tell_queries(bench, {cars: each["statements"] for cars, each in found.items()})
    for cars, each in found.items():
        what = "The index is built after (pages ask the database meanwhile)"
        bench.rows.append(row(f"index/{cars}", what, bench.engine, cars, each["index"], unit="s"))
        for kind, times in each["counts"].items():
            what = f"Exact total and counts, {kind}"
            bench.rows.append(row(f"counts/{kind}/{cars}", what, bench.engine, cars, spread_of_many(times), unit="ms",
                                  limit=_COUNTED.get(cars), note=f"{len(times)} filters"))  # fmt: skip
            bench.details.setdefault("counts", {}).setdefault(kind, []).append((cars, spread_of_many(times).value))


def _look(bench: Bench) -> dict[int, dict[str, Any]]:
    """What was found in each stock; all are open while their queries are timed in turn."""
    with contextlib.ExitStack() as stack:
        lookers = {cars: stack.enter_context(_looker()) for cars in bench.mode.sizes}
        found = {cars: _ask(looker, asdict(_order(bench, cars))) for cars, looker in lookers.items()}
        for number in range(_ROUNDS):
            sizes = list(lookers)[number % len(lookers) :] + list(lookers)[: number % len(lookers)]
            for cars in sizes:
                for statement, times in zip(found[cars]["statements"], _ask(lookers[cars], {}), strict=True):
                    statement["milliseconds"] = list(map(min, times, statement.get("milliseconds", times)))
    return found


def _order(bench: Bench, cars: int) -> Order:
    settings = bench.place.settings(bench.engine, cars)
    return Order(settings.database_url, str(bench.place.scratch), bench.base, bench.mode.samples)


@contextlib.contextmanager
def _looker() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "ignore::UserWarning", "-m", "tests.benchmarks.inside"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.communicate()  # it ends when nothing more is asked


def _ask(looker: subprocess.Popen[str], line: dict[str, Any]) -> Any:
    assert looker.stdin and looker.stdout
    print(json.dumps(line), file=looker.stdin, flush=True)
    answer = looker.stdout.readline()
    if not answer:
        raise RuntimeError("looking into a stock failed")
    return json.loads(answer)


def _tell_queries(bench: Bench, found: dict[int, list[dict[str, Any]]]) -> None:
    by_size = {cars: {each["sql"]: each for each in statements} for cars, statements in found.items()}
    everywhere = [sql for sql in by_size[bench.base] if all(sql in each for each in by_size.values())]
    series = {sql: [(cars, mean(each[sql]["milliseconds"])) for cars, each in by_size.items()] for sql in everywhere}
    exponents = {sql: exponent(points) for sql, points in series.items()}
    worst = sorted(exponents, key=lambda sql: -exponents[sql])
    bench.details["queries"] = [
        {"sql": sql, "path": by_size[bench.base][sql]["path"], "exponent": exponents[sql], "milliseconds": series[sql]}
        for sql in worst[:_TOLD]
    ]
    largest = bench.mode.sizes[-1]
    bench.details["slow"] = [
        {"sql": sql, "path": each["path"], "milliseconds": max(each["milliseconds"])}
        for sql, each in by_size[largest].items()
        if max(each["milliseconds"]) > _SLOW
    ]
    over = sum(value > _EXPONENT for value in exponents.values())
    note = f"{len(everywhere)} queries, {over} of them above; the worst for {by_size[bench.base][worst[0]]['path']}"
    bench.rows.append(row("queries/exponent", "Queries of public pages: highest exponent", bench.engine, largest,
                          Spread(exponents[worst[0]], exponents[worst[-1]], exponents[worst[0]]), unit="",
                          limit=_EXPONENT, note=note))  # fmt: skip
    times = [time for each in by_size[largest].values() for time in each["milliseconds"]]
    slow = Spread(percentile(times, 0.95), percentile(times, 0.5), max(times))
    bench.rows.append(row("queries/p95", "Queries of public pages: 95 % within (from half to all)", bench.engine,
                          largest, slow, unit="ms", limit=_SLOWEST))  # fmt: skip


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of the line through the points, both axes logarithmic: 1 grows as the stock does, 0 not at all."""
    xs, ys = [math.log(cars) for cars, _time in points], [math.log(max(time, 1e-6)) for _cars, time in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return across / (sum((x - mean_x) ** 2 for x in xs) or 1.0)
