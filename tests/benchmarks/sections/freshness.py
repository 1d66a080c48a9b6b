"""The page cache under shoppers and edits: how often it answers, and whether it ever shows what is no longer so.

Two servers of one worker each look at the same database; a third process edits. Each minute one car is priced anew
or withdrawn, and from one second after the commit on every page that shows it must say so, on both.

A page is kept until something changes, so how often the cache answers is asked of servers that have been up for a
while: each was asked for every address once. What they answer from memory before that is told beside it.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from kroi.core.config import Settings
from tests.benchmarks import servers
from tests.benchmarks.addresses import take
from tests.benchmarks.bench import Bench
from tests.benchmarks.editor import Edit, Editor
from tests.benchmarks.figures import Spread, row
from tests.benchmarks.servers import COMPRESSED, ENTERED, Answer, Served, serving

_LISTINGS = 150  # different filters that people ask for, besides the cars
_HIT_RATE, _OLDEST = 95.0, 1.0  # %, seconds
_PACE = 60.0  # seconds from edit to edit
_ALONE = 5.0  # seconds that an edit is watched for at most
_POLL = 0.02


@dataclass
class _Watch:
    """What pages must hold since which moment (monotonic), and what was seen."""

    edits: list[tuple[Edit, float]] = field(default_factory=list)
    stale: int = 0
    checked: int = 0
    seen_after: list[float] = field(default_factory=list)

    def begin(self, edit: Edit, committed: float) -> None:
        """From now on pages must show this, and what was to be seen of the same car no more."""
        self.edits = [(each, at) for each, at in self.edits if each.car != edit.car] + [(edit, committed)]

    def check(self, path: str, asked_at: float, answer: Answer) -> None:
        """Count an answer that is older than a second; raises RuntimeError for one that is an error of the server."""
        if answer.status >= 500:
            raise RuntimeError(f"{path} answered {answer.status}")
        for edit, committed in self.edits:
            if path == edit.path and asked_at >= committed + _OLDEST:
                self.checked += 1
                self.stale += not edit.is_shown(answer.text)


def measure(bench: Bench) -> None:
    """Half the trace from a cold start, then every address once, then the trace; edits all the time."""
    settings = bench.place.copied(bench.engine, bench.base)
    pair = [_server(bench, settings), _server(bench, settings)]
    editor, watch = Editor(settings, seed=3), _Watch()
    with ExitStack() as stack:
        stack.enter_context(serving(*pair))
        stack.callback(editor.close)
        addresses = _addresses(bench)
        trace = _trace(addresses)
        cold = _rate(bench, pair, trace, editor, watch, bench.mode.trace / 2)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda server: _visit(server, addresses), pair))
        watch = _Watch()
        warm = _rate(bench, pair, trace, editor, watch, bench.mode.trace)
    _tell(bench, cold, warm, watch)


def _server(bench: Bench, settings: Settings) -> Served:
    found = servers.kroi(settings.database_url, bench.place.scratch)
    found.target = "tests.benchmarks.counted:app"
    return found


def _addresses(bench: Bench) -> list[str]:
    """All addresses, the most wanted first: front page and listings, cars among and behind them."""
    shoppers = bench.shoppers(bench.base, "freshness")
    cars, listings = shoppers.slugs(), take(shoppers.few(), _LISTINGS)
    mixed = ["/", "/cars/"]
    while cars or listings:
        mixed += [cars.pop() for _ in range(min(3, len(cars)))] + ([listings.pop()] if listings else [])
    return mixed


def _trace(addresses: Sequence[str]) -> Iterator[str]:
    """Addresses by Zipf's law with exponent 1."""
    random, weights = Random("zipf"), list(accumulate(1 / rank for rank in range(1, len(addresses) + 1)))
    while True:
        yield from random.choices(addresses, cum_weights=weights, k=1000)


def _visit(server: Served, addresses: Sequence[str]) -> None:
    """Ask for each once."""
    for path in addresses:
        server.get(path, COMPRESSED)


def _rate(
    bench: Bench, each: list[Served], trace: Iterator[str], editor: Editor, watch: _Watch, seconds: float
) -> tuple[float, int]:
    """How many of the trace's pages the cache answered, in %, and how many were asked for."""
    before = _entered(each)
    asked = _play(bench, each, trace, editor, watch, seconds)
    return 100 * (1 - (_entered(each) - before) / max(asked, 1)), asked


def _play(bench: Bench, each: list[Served], trace: Iterator[str], editor: Editor, watch: _Watch, seconds: float) -> int:
    """The trace at its pace; the number of pages asked for."""
    begun = time.monotonic()
    edit_at, asked, step = begun + min(_PACE, seconds) / 2, 0, 1 / bench.mode.rate
    while (now := time.monotonic()) < begun + seconds:
        if now >= edit_at:
            asked += _edit(each, editor, watch)
            edit_at += _PACE
        path, at = next(trace), time.monotonic()
        watch.check(path, at, each[asked % len(each)].get(path, COMPRESSED))
        asked += 1
        time.sleep(max(0.0, begun + asked * step - time.monotonic()))
    return asked


def _edit(each: list[Served], editor: Editor, watch: _Watch) -> int:
    """Edit a car, then look until every server shows it; the number of pages asked for."""
    edit = editor.edit()
    committed, asked, late = time.monotonic(), 0, set(each)
    watch.begin(edit, committed)
    while late and time.monotonic() < committed + _ALONE:
        for server in list(late):
            at, answer = time.monotonic(), server.get(edit.path, COMPRESSED)
            asked += 1
            watch.check(edit.path, at, answer)
            if edit.is_shown(answer.text):
                late.discard(server)
        time.sleep(_POLL)
    watch.seen_after.append(time.monotonic() - committed)
    return asked


def _entered(each: list[Served]) -> int:
    return sum(int(server.get(ENTERED).body) for server in each)


def _tell(bench: Bench, cold: tuple[float, int], warm: tuple[float, int], watch: _Watch) -> None:
    rate, asked = warm
    note = f"{asked:,} pages, {bench.mode.rate:,.0f} a second, {len(watch.seen_after)} edits"
    bench.rows.append(row("cache/cold", "Answered by the page cache just after a start", bench.engine, bench.base,
                          cold[0], unit="%", note=f"the first {cold[1]:,} pages"))  # fmt: skip
    bench.rows.append(row("cache/hits", "Answered by the page cache, Zipf trace with one edit a minute", bench.engine,
                          bench.base, rate, unit="%", limit=_HIT_RATE, at_least=True, note=note))  # fmt: skip
    bench.rows.append(row("cache/stale", "Pages older than one second after a commit", bench.engine, bench.base,
                          watch.stale, unit="", limit=0, note=f"of {watch.checked:,} looked at"))  # fmt: skip
    if watch.seen_after:
        bench.rows.append(row("cache/seen", "An edit is shown by both workers after", bench.engine, bench.base,
                              Spread.of([each * 1000 for each in watch.seen_after]), unit="ms",
                              limit=_OLDEST * 1000))  # fmt: skip
