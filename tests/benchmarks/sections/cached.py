"""Pages that the cache answers, against a Flask application that only says hello."""

from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Spread, interleaved, ratio, row
from tests.benchmarks.servers import COMPRESSED, Served, Turn, serving

_WARM = 5  # times that a page is asked for before it counts
_CONNECTIONS = 32  # enough that neither server ever waits for the load


def measure(bench: Bench) -> None:
    """Home, listing and car page, whole and as 304."""
    ours, hello = bench.kroi(bench.base), bench.reference("hello", bench.base)
    shoppers = bench.shoppers(bench.base, "cached")
    pages = {
        "home page": "/",
        "listing": "/cars/",
        "filtered listing": next(shoppers.few()),
        "car page": shoppers.slugs()[0],
    }
    with serving(ours, hello):
        bench.settle(ours, bench.base)
        tags = {name: _warmed(ours, path) for name, path in pages.items()}
        seconds = bench.mode.seconds
        subjects = {"hello": partial(hello.turn, ["/"], seconds, connections=_CONNECTIONS)}
        for name, path in pages.items():
            ask = partial(ours.turn, [path], seconds, connections=_CONNECTIONS)
            subjects[name] = ask
            subjects[f"{name}, 304"] = partial(ask, headers={**COMPRESSED, "If-None-Match": tags[name]})
        found = interleaved(subjects, bench.mode.rounds)
    _tell(bench, found)


def _warmed(server: Served, path: str) -> str:
    """Ask a few times; the page's ETag."""
    for _ in range(_WARM):
        answer = server.get(path, COMPRESSED)
    return answer.headers.get("etag", '"none"')


def _tell(bench: Bench, found: dict[str, list[Turn]]) -> None:
    hello = found.pop("hello")
    bench.rows.append(row("hello", "Flask hello, processor time of a request", bench.engine, bench.base,
                          Spread.of([_time(turn) for turn in hello]), unit="µs", note=_seen(hello)))  # fmt: skip
    for name, turns in found.items():
        key = f"cached/{name}"
        times = 3 if name.endswith("304") else 2
        if not name.endswith("304"):
            what = f"Cached {name} / hello, processor time"
            time = ratio(turns, hello, _time)
            bench.rows.append(row(f"{key}/processor", what, bench.engine, bench.base, time, limit=0.45,
                                  note=_absolute(turns)))  # fmt: skip
        what = f"Cached {name} / hello, requests per second"
        speed = ratio(turns, hello, _speed)
        bench.rows.append(
            row(f"{key}/requests", what, bench.engine, bench.base, speed, limit=times, at_least=True, note=_seen(turns))
        )


def _time(turn: Turn) -> float:
    return turn.microseconds


def _speed(turn: Turn) -> float:
    return turn.seen.per_second


def _absolute(turns: list[Turn]) -> str:
    return f"{sorted(map(_time, turns))[len(turns) // 2]:,.0f} µs a request"


def _seen(turns: list[Turn]) -> str:
    busy = sorted(turn.processor / turn.seen.seconds for turn in turns)[len(turns) // 2]
    return f"{sorted(map(_speed, turns))[len(turns) // 2]:,.0f} a second, the worker {min(busy, 1):.0%} busy"
