"""How public pages grow with the stock: the same pages, all sizes in turn. Also how long answers take."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks.addresses import Shoppers, take
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Row, Spread, interleaved, percentile, ratio, row
from tests.benchmarks.servers import BROWSER, COMPRESSED, Served, Turn, serving

_ANSWER_LIMIT = 200.0  # ms, 95 of 100 answers
_MORE_LIMIT = 3.0  # ms on top, with more facets
_GROWTH_LIMIT = 1.25
_CONNECTIONS = 2
_CACHED = ("home page, cached", "listing, cached")
MORE = "listing, more facets"
UNJUDGED = ("listing by words",)  # no number of growth is set for it; the floors hold


@dataclass
class _Pages:
    """The addresses of one size, handed out so that uncached pages are always new."""

    shoppers: Shoppers
    slugs: list[str]
    few: Iterator[str]
    many: Iterator[str]
    words: Iterator[str]

    def next_slugs(self, count: int) -> list[str]:
        some, self.slugs = self.slugs[:count], self.slugs[count:] + self.slugs[:count]
        return some


def measure(bench: Bench) -> None:
    """Processor time of a request at every size over that of the smallest, and the slowest answers of the largest."""
    sizes = bench.mode.sizes
    ours = {cars: bench.kroi(cars) for cars in sizes}
    with serving(*ours.values()):
        subjects: dict[str, Callable[[], Turn]] = {}
        for cars, server in ours.items():
            bench.settle(server, cars)
            for name, ask in _kinds(bench, server, cars).items():
                ask()  # warm: templates, indexes, the pages that are to be cached
                subjects[f"{cars} {name}"] = ask
        found = interleaved(subjects, bench.mode.rounds)
    names = [name.split(" ", 1)[1] for name in found if name.startswith(f"{bench.base} ")]
    for name in names:
        _tell(bench, name, {cars: found[f"{cars} {name}"] for cars in sizes})


def _kinds(bench: Bench, server: Served, cars: int) -> dict[str, Callable[[], Turn]]:
    shoppers, seconds = bench.shoppers(cars, "growth"), bench.mode.seconds
    pages = _Pages(shoppers, shoppers.slugs(), shoppers.few(), shoppers.many(), shoppers.words())
    most = int(2_500 * seconds)  # more than can be answered

    def cached(path: str) -> Callable[[], Turn]:
        return lambda: server.turn([path], seconds, connections=_CONNECTIONS, headers=COMPRESSED)

    def fresh(draw: Callable[[int], list[str]]) -> Callable[[], Turn]:
        return lambda: server.turn(draw(most), seconds, connections=_CONNECTIONS, headers=BROWSER, once=True)

    return {
        **dict(zip(_CACHED, (cached("/"), cached("/cars/")), strict=True)),
        "car page": fresh(lambda count: pages.next_slugs(min(count, 400))),
        "listing, up to two facets": fresh(lambda count: take(pages.few, count)),
        MORE: fresh(lambda count: take(pages.many, count)),
        UNJUDGED[0]: fresh(lambda count: take(pages.words, count)),
    }


def _tell(bench: Bench, name: str, turns: dict[int, list[Turn]]) -> None:
    smallest, largest = turns[bench.mode.sizes[0]], turns[bench.mode.sizes[-1]]
    series = [(cars, Spread.of([each.microseconds / 1000 for each in found])) for cars, found in turns.items()]
    bench.details.setdefault("growth", {})[name] = [(cars, one.value, one.low, one.high) for cars, one in series]
    bench.rows.append(_growth(bench, name, smallest, largest, series))
    for share, words in ((0.5, "half"), (0.95, "95 %")):
        times = Spread.of([percentile(each.seen.milliseconds, share) for each in largest])
        bench.rows.append(
            row(f"answer/{name}/{share}", f"{name.capitalize()}: {words} of the answers within", bench.engine,
                bench.mode.sizes[-1], times, unit="ms", limit=_ANSWER_LIMIT if share > 0.5 else None)
        )  # fmt: skip


def _growth(
    bench: Bench, name: str, smallest: list[Turn], largest: list[Turn], series: list[tuple[int, Spread]]
) -> Row:
    note, cars = " → ".join(f"{one.value:,.3g} ms" for _cars, one in series), bench.mode.sizes[-1]
    if name == MORE:
        added = Spread.of(
            [(top.microseconds - low.microseconds) / 1000 for low, top in zip(smallest, largest, strict=True)]
        )
        what = f"{name.capitalize()}: processor time on top of {bench.base:,} cars"
        return row(f"growth/{name}", what, bench.engine, cars, added, unit="ms", limit=_MORE_LIMIT, note=note)
    grown = ratio(largest, smallest, lambda turn: turn.microseconds)
    limit = None if name in UNJUDGED else _GROWTH_LIMIT
    what = f"{name.capitalize()}: processor time / with {bench.base:,} cars"
    return row(f"growth/{name}", what, bench.engine, cars, grown, limit=limit, note=note)
