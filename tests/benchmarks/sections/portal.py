"""The portal's pages on a year of data, signed in, against Flask-Admin's lists of the same rows."""

import gzip
import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Spread, interleaved, ratio, row
from tests.benchmarks.servers import COMPRESSED, Answer, Served, Turn, serving
from tests.benchmarks.year.fill import EMAIL, PASSWORD
from tests.journeys.routes import STAFF

_FASTER, _SMALLER = 10.0, 0.25
_ROUNDS = 3
_ENOUGH = 2_000  # requests in a turn, and in the two seconds for which a page is kept
_OWNER, _SELLER = 1, 4  # users of the year
_THEIR_ROW = 'class="list-buttons-column"'
_HISTORY = 7  # lines, the median of the year's leads
_FILES = re.compile(r"\.csv|export|\.json|/pulse")  # no pages


@dataclass(frozen=True)
class Page:
    """A page with a list, Flask-Admin's list of the same, and what stands once in each of its rows."""

    name: str
    path: str
    admin: str
    mark: str = '<tr class="'


PAGES = (
    Page("Inbox, open", "/staff/leads/", "open/"),
    Page("Inbox, of one seller", f"/staff/leads/?user={_SELLER}", f"mine/?of={_SELLER}"),
    Page("Inbox, free", "/staff/leads/?tab=free", "free/"),
    Page("Inbox, late", "/staff/leads/?tab=late", "late/"),
    Page("Inbox, all", "/staff/leads/?tab=all", "all/"),
    Page("Inbox, won", "/staff/leads/?tab=all&status=won", "won/"),
    Page("Inbox, words", "/staff/leads/?q=anneli", "found/?search=anneli"),
    Page("Board, everybody's", "/staff/board?whose=all", "board/", 'class="board-card"'),
    Page("Visits", "/staff/visits/", "visits/", "<li"),
    Page("One lead", "/staff/leads/{lead}", "history/?of={lead}", "<li"),
    Page("One person", "/staff/people/{person}", "person/?of={person}", "<tr"),
    Page("People who may be one", "/staff/people/", "pairs/", 'class="pair-end"'),
    Page("Cars", "/staff/cars/", "cars/", "<tr"),
    Page("Stock report", "/staff/reports/stock", "standing/", "<tr"),
    Page("Messages", "/staff/operations/messages/", "outbox/", "<tr"),
    Page("Notices", "/staff/notices/", f"notices/?of={_OWNER}", "<li"),
    Page("Users", "/staff/users/", "users/", "<tr"),
    Page("Audit", "/staff/audit/", "audit/", "<tr"),
)


def measure(bench: Bench) -> None:
    """Requests a second and bytes of each page with a list, in turn; then the time of every other page."""
    ours, theirs = bench.portal()
    with serving(ours, theirs):
        known = {"lead": _usual_lead(theirs, bench.mode.leads), "person": bench.mode.leads // 100}
        signed = {**COMPRESSED, "Cookie": sign_in(ours)}
        times = {page.name: _against(bench, page, known, ours, theirs, signed) for page in PAGES}
        times |= _others(bench, ours, signed)
    _tell_slowest(bench, times)


def sign_in(server: Served, email: str = EMAIL) -> str:
    """The cookie of somebody who has just signed in."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    form, kind = urlencode({"email": email, "password": PASSWORD}), "application/x-www-form-urlencoded"
    connection.request("POST", "/staff/sign-in", form, {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"})
    response = connection.getresponse()
    response.read()
    given = response.msg.get_all("Set-Cookie") or []
    cookie = "; ".join(each.partition(";")[0] for each in given)
    if response.status != 303 or not cookie:
        raise RuntimeError(f"nobody could sign in: {response.status}")
    return cookie


def _usual_lead(theirs: Served, leads: int) -> int:
    """A lead of the last days with a history as long as most have."""
    lately = range(leads - leads // 50, leads)
    return next(lead for lead in lately if _rows(theirs.get(f"/admin/history/?of={lead}").text) == _HISTORY)


def _rows(theirs: str) -> int:
    return theirs.count(_THEIR_ROW)


def _against(bench: Bench, page: Page, known: Mapping[str, int], ours: Served, theirs: Served,
             signed: Mapping[str, str]) -> float:  # fmt: skip
    """One page, asked for again and made anew; the milliseconds of making it."""
    seconds = bench.mode.seconds * 0.6
    here, there = page.path.format(**known), "/admin/" + page.admin.format(**known)
    ways = {
        "ours": partial(_turn, ours, [here], seconds, signed),
        "anew": partial(_turn, ours, _never_the_same(here), seconds, signed),
        "theirs": partial(_turn, theirs, [there], seconds, COMPRESSED),
    }
    for way in ways.values():
        way()
    found = interleaved(ways, min(_ROUNDS, bench.mode.rounds))
    mine, other = ours.get(here, signed), theirs.get(there, COMPRESSED)
    share, note = _bytes(page, mine, other)
    times = {name: Spread.of([1000 / turn.seen.per_second for turn in turns]).value for name, turns in found.items()}
    faster = ratio(found["ours"], found["theirs"], lambda turn: turn.seen.per_second)
    waits = f"{times['ours']:.3g} and {times['theirs']:.3g} ms"
    what = f"{page.name}: requests per second / Flask-Admin"
    _row(bench, f"portal requests:{page.name}", what, faster, limit=_FASTER, at_least=True, note=waits)
    anew = ratio(found["anew"], found["theirs"], lambda turn: turn.seen.per_second)
    _row(bench, f"portal anew:{page.name}", f"{page.name}, made anew: the same", anew, note=f"{times['anew']:.3g} ms")
    what = f"{page.name}: bytes as sent / Flask-Admin"
    _row(bench, f"portal bytes:{page.name}", what, share, limit=_SMALLER, note=note)
    bench.details.setdefault("pages", {})[page.name] = [faster.value, share]
    return times["anew"]


def _bytes(page: Page, mine: Answer, other: Answer) -> tuple[float, str]:
    """Ours as a browser gets them over theirs, which nobody compresses; and what both were plain, and both gzipped."""
    plain = [each.text.encode() for each in (mine, other)]
    packed = [len(gzip.compress(each, 6)) for each in plain]
    rows = mine.text.count(page.mark) - (mine.text.count("<thead") if page.mark == "<tr" else 0)
    sizes = ((len(mine.body), len(other.body)), tuple(map(len, plain)), packed)
    said = [f"{one / 1000:.0f} and {two / 1000:.0f} kB" for one, two in sizes]
    note = f"{said[0]}; uncompressed {said[1]}; both gzipped {said[2]}; {rows} and {_rows(other.text)} rows"
    return len(mine.body) / len(other.body), note


def _never_the_same(path: str) -> list[str]:
    """Addresses of one page that no two requests share, so that none is answered from memory."""
    return [f"{path}{'&' if '?' in path else '?'}anew={number}" for number in range(_ENOUGH)]


def _turn(server: Served, paths: list[str], seconds: float, headers: Mapping[str, str]) -> Turn:
    """Four who ask at once, as on the public pages: with one, the server falls asleep while it is waited for."""
    return server.turn(paths, seconds, headers=headers)


def _others(bench: Bench, ours: Served, signed: Mapping[str, str]) -> dict[str, float]:
    """Milliseconds of every other staff page whose address names nothing."""
    known = {page.path for page in PAGES}
    paths = [
        name.partition(" ")[2] for name, route in STAFF.items() if name.startswith("GET") and "owner" in route.roles
    ]
    times = {}
    for path in paths:
        if "<" in path or path in known or _FILES.search(path) or ours.get(path, signed).status != 200:
            continue
        turn = ours.turn(_never_the_same(path), bench.mode.seconds * 0.4, connections=1, headers=signed)
        times[path] = 1000 / turn.seen.per_second
    return times


def _tell_slowest(bench: Bench, times: Mapping[str, float]) -> None:
    slowest = max(times, key=lambda name: times[name])
    bench.details["milliseconds"] = {name: round(time, 2) for name, time in times.items()}
    _row(bench, "portal slowest", f"Slowest of {len(times)} staff pages", times[slowest], unit="ms", note=slowest)


def _row(bench: Bench, key: str, what: str, found: Spread | float, **more: object) -> None:
    bench.rows.append(row(key, what, bench.engine, bench.mode.leads, found, **more))
