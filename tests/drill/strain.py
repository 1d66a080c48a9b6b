"""Too much of everything: slow clients, a flood of connections, a full disk, a clock that jumps, stops under load."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.deploy.test_slow_clients import PAGES, slow_clients
from tests.drill import house as houses
from tests.drill import jumps
from tests.drill.ledger import AGAIN, SUCCESS
from tests.drill.plan import Drill, Outcome
from tests.drill.small import small
from tests.support.source import ROOT

NORMAL_WITHIN = 10.0  # seconds after a flood
ORDERLY_WITHIN = 10.0  # seconds for a stop
_ENOUGH = 12  # times that slow clients' neighbours ask for each page, a round: of fewer, p95 is one slow page
_HOURS = (1, -1, 24, -24, 24 * 365)
_FLOOD = 450  # connections at once; the proxy takes 400 from one address
_FEW = 8  # connections at once that keep both web servers busy, and nobody waits long
_TRIES = 3  # a busy machine may only ever make a flood look worse
GOODPUT = 0.8  # of what can be served is served in a flood, too


@dataclass(frozen=True)
class Crowded:
    """How many answers of each kind a flood got in so many seconds, and which of them nobody should get."""

    success: int
    again: int
    silent: int
    wrong: list[str]
    seconds: float

    @property
    def goodput(self) -> float:
        """Pages a second."""
        return self.success / self.seconds


def slow(drill: Drill, outcome: Outcome) -> None:
    """Two hundred who hold headers, bodies, reads and silent connections."""
    quiet: list[float] = []
    crowded: list[float] = []
    pages(drill)  # the first ones are made
    for _ in range(2 if drill.short else 5):
        quiet += pages(drill, _ENOUGH)
        with slow_clients(drill.house.tls):
            outcome.times = 200
            crowded += pages(drill, _ENOUGH)
            outcome.recoveries.append(drill.crowd.recovers())
    outcome.note = f"others: p95 {p95(crowded) / p95(quiet):.1f} times that without them"


def flood(drill: Drill, outcome: Outcome) -> None:
    """Many times what can be served: who is refused is told when to come again, and then all is as before."""
    usual = p95(pages(drill) + pages(drill))
    seconds = 4 if drill.short else 15
    shares: list[float] = []
    while not shares or (max(shares) < GOODPUT and len(shares) < _TRIES):
        peak = flooded(drill, outcome, _FEW, seconds)
        crowd = flooded(drill, outcome, _FLOOD, seconds)
        outcome.recoveries.append(normal_again(drill, outcome, 2 * usual))
        shares.append(crowd.goodput / peak.goodput)
    outcome.times = _FLOOD
    if max(shares) < GOODPUT:
        outcome.faults.append(f"in the flood only {', '.join(f'{each:.0%}' for each in shares)} of what can be served")
    if not crowd.again:
        outcome.faults.append("in the flood nobody was sent away")
    outcome.note = (
        f"{crowd.goodput:.0f} pages a second in the flood, {peak.goodput:.0f} with {_FEW} connections; "
        f"{crowd.again} sent away with Retry-After"
    )


def normal_again(drill: Drill, outcome: Outcome, usual: float) -> float:
    """Seconds until pages take no longer than `usual`."""
    began = time.monotonic()
    while p95(pages(drill)) > usual:
        if time.monotonic() - began > 3 * NORMAL_WITHIN:
            outcome.faults.append("slow long after the flood")
            break
    return time.monotonic() - began


def flooded(drill: Drill, outcome: Outcome, connections: int, seconds: float) -> Crowded:
    """What so many connections got; an answer that nobody should get is a fault."""
    command = [sys.executable, "-m", "tests.drill.flood", str(drill.house.tls), str(connections), str(seconds)]
    made = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = Crowded(**json.loads(made.stdout))
    outcome.faults += [f"with {connections} connections: {words}" for words in found.wrong]
    outcome.faults += [f"with {connections} connections: {found.silent} cut off"] if found.silent else []
    return found


def pages(drill: Drill, many: int = 3) -> list[float]:
    """Seconds for each of some pages, so many times."""
    visitor, found = drill.house.visitor(), []
    for page in PAGES * many:
        start = time.perf_counter()
        visitor.get(page)
        found.append(time.perf_counter() - start)
    return found


def p95(seconds: list[float]) -> float:
    """What nineteen of twenty stay below."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


def disk(drill: Drill, outcome: Outcome) -> None:
    """The disk that holds the database, photos and mails has not one byte left; then there is room again."""
    if not drill.house.may_fill:
        outcome.left_out = "a disk of its own cannot be made here: mounting one needs root"
        return
    with small(drill.house.disk / "small", outcome) as neighbours:
        for _ in drill.times(outcome, 3, 1):
            began = time.monotonic()
            houses.fill(drill.house.disk)
            try:
                time.sleep(4 if drill.short else 8)
                if not drill.house.feels_full():
                    outcome.faults.append("PostgreSQL still had room")
            finally:
                houses.empty(drill.house.disk)
            outcome.recoveries.append(drill.crowd.recovers())
            neighbours.recovers()
            if not neighbours.ledger.since(began)[AGAIN]:
                outcome.faults.append("SQLite still had room")
    outcome.note = f"from the moment there is room again; on SQLite {len(neighbours.ledger.acknowledged)} acknowledged"


def clock(drill: Drill, outcome: Outcome) -> None:
    """The web servers' clocks jump, to and fro; first each is restarted with a clock that can."""
    drill.house.clocked = True
    try:
        restart_each(drill, outcome)
        for number in drill.times(outcome, 2 * len(_HOURS), 2):
            jumps.write(drill.house.clock, _HOURS[number % len(_HOURS)] * 3600)
            outcome.recoveries.append(drill.crowd.recovers())
            time.sleep(3)
    finally:
        drill.house.clocked = False
        jumps.write(drill.house.clock, 0)
        restart_each(drill, outcome)
    outcome.note = "an hour, a day and a year, to and fro; of the web servers, not of the database"


def stops(drill: Drill, outcome: Outcome) -> None:
    """Both web servers in turn are told to stop while shoppers ask: nobody may notice."""
    began = time.monotonic()
    for _ in drill.times(outcome, 3, 1):
        restart_each(drill, outcome)
    answers = drill.crowd.ledger.since(began)
    unhappy = [each for each in answers.events if each.verdict != SUCCESS]
    outcome.faults += [f"during an orderly stop: {each.words}" for each in unhappy[:5]]
    outcome.note = "seconds until a server told to stop has ended; 0 requests may fail"


def restart_each(drill: Drill, outcome: Outcome) -> None:
    """One web server after the other, in order."""
    for port in drill.house.webs:
        began = time.monotonic()
        code = drill.house.end(f"kroi-web@{port}")
        took = time.monotonic() - began
        if outcome.name.startswith("orderly"):
            outcome.recoveries.append(took)
        if code or took > ORDERLY_WITHIN:
            outcome.faults.append(f"a stop took {took:.1f} s and ended with {code}")
        drill.house.start_web(port)
