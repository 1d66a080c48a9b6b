"""Two hundred slow clients behind the documented proxy: everybody else keeps their time."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice

import pytest

from tests.deploy import slow
from tests.deploy.installation import Installation
from tests.support.source import ROOT

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]  # a whole installation is started
PAGES = ("/cars/", "/contact", "/staff/sign-in", "/")  # one that is kept, three that are made
ASKED, ROUNDS = 48, 4  # pages in a round, rounds of each sort
MOST = 1.5  # times as long as without them
TRIES = 3  # a busy machine may only ever make a run look worse


@contextmanager
def slow_clients(port: int) -> Iterator[None]:
    """They hold on for as long as this lasts; all of them were there to the end."""
    command = [sys.executable, "-m", "tests.deploy.slow", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdin and crowd.stdout
        assert crowd.stdout.readline() == "ready\n"
        yield
        crowd.stdin.close()
        held = json.loads(crowd.stdout.readline())["held"]
    assert held == dict.fromkeys(slow.KINDS, slow.MANY // len(slow.KINDS))


def times(installed: Installation) -> list[float]:
    """Seconds for each page of a round; each of them was served."""
    visitor, found = installed.visitor(), []
    for page in islice(cycle(PAGES), ASKED):
        start = time.perf_counter()
        assert visitor.get(page).status == 200
        found.append(time.perf_counter() - start)
    return found


def slowdown(installed: Installation) -> float:
    """How many times as long the slowest twentieth takes; rounds with and without them take turns."""
    quiet, crowded = [], []
    for _ in range(ROUNDS):
        quiet += times(installed)
        with slow_clients(installed.tls):
            crowded += times(installed)
    return statistics.quantiles(crowded, n=20)[-1] / statistics.quantiles(quiet, n=20)[-1]


def test_two_hundred_slow_clients_do_not_slow_the_others_down(installed: Installation) -> None:
    assert slow.MANY >= 200
    times(installed)  # the first pages are made
    seen = []
    for _ in range(TRIES):
        seen.append(slowdown(installed))
        if seen[-1] <= MOST:
            return
    raise AssertionError(f"the slowest twentieth took {seen} times as long")
