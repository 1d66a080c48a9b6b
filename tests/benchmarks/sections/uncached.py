"""Listings that no page cache can answer: every address is new. Neither side compresses."""

import re
from functools import partial

from tests.benchmarks.addresses import pages_of_cold_cards, take
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Spread, interleaved, ratio, row
from tests.benchmarks.servers import BROWSER, Served, Turn, serving

_MANY = 4_000  # addresses, more than can be answered in a second
_COMPARED = 12
_WARM = 50  # requests before the first round
_COUNT = re.compile(rb'name="(\w+)" value="([^"]+)"[^>]*><span>[^<]*</span> <span class="count">([^<]*)')
_TOTAL = re.compile(rb"<h1>.*?<span>([^<]*)</span></h1>")
_CARD = re.compile(rb"<h2><a href=\"([^\"]*)\"")


def measure(bench: Bench) -> None:
    """Random filters against raw SQL with counts and against an ORM; then fresh processes against raw SQL."""
    ours, counted = bench.kroi(bench.base), bench.reference("listing_counted", bench.base)
    orm, plain = bench.reference("listing_orm", bench.base), bench.reference("listing_plain", bench.base)
    with serving(ours, counted, orm, plain):
        bench.settle(ours, bench.base)
        _compare(bench, ours, counted)
        _random(bench, ours, counted, orm)
        _cold(bench, ours, plain)


def _compare(bench: Bench, ours: Served, counted: Served) -> None:
    """The reference must show the same cars and numbers in about as many bytes, or it is none."""
    shares, alike = [], 0
    paths = take(bench.shoppers(bench.base, "compare").any(), _COMPARED)
    for path in paths:
        one, other = ours.get(path), counted.get(path)
        shares.append(len(other.body) / len(one.body))
        alike += _numbers(one.body) == _numbers(other.body)
    note = f"same cars and counts on {alike} of {len(paths)} pages"
    size = max(shares, key=lambda share: abs(share - 1))
    bench.rows.append(row("reference/bytes", "Reference's page / ours, bytes", bench.engine, bench.base,
                          Spread(size, min(shares), max(shares)), note=note))  # fmt: skip


def _numbers(page: bytes) -> tuple[list[bytes], list[bytes], set[tuple[bytes, ...]]]:
    """Total, cars in their order, and the count beside each choice. Without a match pages go different ways."""
    cards = _CARD.findall(page)
    total = _TOTAL.findall(page)
    return (total, cards, set(_COUNT.findall(page))) if total and total != [b"0"] else ([], [], set())


def _random(bench: Bench, ours: Served, counted: Served, orm: Served) -> None:
    addresses = bench.shoppers(bench.base, "random").any()
    for server in (ours, counted, orm):
        server.turn(take(addresses, _WARM), 60, once=True, headers=BROWSER)
    ways = {"Kroi": ours, "raw SQL with counts": counted, "ORM without counts": orm}

    def turn(server: Served) -> Turn:
        some = take(addresses, int(_MANY * bench.mode.seconds))
        return server.turn(some, bench.mode.seconds, once=True, headers=BROWSER)

    found = interleaved({name: partial(turn, server) for name, server in ways.items()}, bench.mode.rounds)
    for name, limit in (("raw SQL with counts", 0.04), ("ORM without counts", 0.30)):
        _tell(bench, f"uncached/{name}", f"Uncached filtered listing / {name}", found["Kroi"], found[name], limit)
    for name, turns in found.items():
        time = Spread.of([each.microseconds / 1000 for each in turns])
        what = f"Uncached filtered listing, {name}: processor time"
        bench.rows.append(row(f"uncached/time/{name}", what, bench.engine, bench.base, time, unit="ms"))


def _cold(bench: Bench, ours: Served, plain: Served) -> None:
    """Nearly every card for the first time: the process is new in each round, and no two pages share a card."""
    pages = pages_of_cold_cards(bench.base)
    cut = max(len(pages) // 10, 1)
    warm, cold = pages[:cut], pages[cut:]

    def fresh() -> Turn:
        ours.stop()
        ours.start()
        bench.settle(ours, bench.base)
        ours.turn(warm, 60, once=True, headers=BROWSER)
        return ours.turn(cold, 60, once=True, headers=BROWSER)

    def by_hand() -> Turn:
        return plain.turn(cold, 60, once=True, headers=BROWSER)

    found = interleaved({"ours": fresh, "plain": by_hand}, bench.mode.rounds)
    _tell(bench, "cold", "All fragments cold / raw SQL without counts", found["ours"], found["plain"], 1.25)


def _tell(bench: Bench, key: str, what: str, ours: list[Turn], theirs: list[Turn], limit: float) -> None:
    note = f"{_typical(ours):,.0f} and {_typical(theirs):,.0f} µs a request"
    time = ratio(ours, theirs, lambda turn: turn.microseconds)
    bench.rows.append(
        row(key, f"{what}, processor time", bench.engine, bench.base, time, limit=limit, note=note)
    )  # fmt: skip


def _typical(turns: list[Turn]) -> float:
    return Spread.of([turn.microseconds for turn in turns]).value
