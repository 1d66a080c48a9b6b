"""What is killed with -9, and comes back: web servers, the database, the pool before it, the cache, the worker."""

import contextlib
import http.client
import socket
import time

from tests.drill.house import AFTER
from tests.drill.ledger import SUCCESS
from tests.drill.plan import Drill, Outcome

WEBS, DATABASES, CACHES, WORKERS = (50, 4), (20, 2), (20, 2), (20, 1)
_A_WHOLE_SERVER = 5  # one in so many kills takes the server, not only one of its processes
_PATIENCE = 120  # seconds
_TO_DIE = 0.1  # seconds, after which whoever was killed listens no longer


def web(drill: Drill, outcome: Outcome) -> None:
    """Each kill takes a process that serves; every fifth a whole server with all of its processes.

    Who is killed in the middle of an answer cannot finish it; a visitor gets what was sent, and is told so.
    """
    outcome.may_be = http.client.IncompleteRead.__name__
    for number in drill.times(outcome, *WEBS):
        port = drill.house.webs[number % 2]
        if number % _A_WHOLE_SERVER == _A_WHOLE_SERVER - 1:
            drill.house.kill(f"kroi-web@{port}")
        else:
            drill.house.kill_one_worker(port)
        outcome.recoveries.append(listens_again(port))
        drill.crowd.recovers()
        drill.pause(1.0)
    outcome.note = "until that server listens again; the other one serves meanwhile"


def listens_again(port: int) -> float:
    """Seconds until it does; raises RuntimeError when it does not."""
    began = time.monotonic()
    time.sleep(_TO_DIE)
    while time.monotonic() < began + _PATIENCE:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return time.monotonic() - began
        time.sleep(0.05)
    raise RuntimeError("a web server did not come back")


def database(drill: Drill, outcome: Outcome) -> None:
    """PostgreSQL, all of its processes at once."""
    for _ in drill.times(outcome, *DATABASES):
        drill.house.kill("kroi-database")
        outcome.recoveries.append(drill.crowd.recovers())
        drill.pause(1.5)
    outcome.note = f"{AFTER:.0f} s of them until systemd restarts it"


def cache(drill: Drill, outcome: Outcome) -> None:
    """Valkey; it remembers nothing when it comes back. No visitor may notice."""
    began = time.monotonic()
    for _ in drill.times(outcome, *CACHES):
        drill.house.valkey.kill()
        outcome.recoveries.append(drill.crowd.recovers())
        time.sleep(AFTER)
        drill.house.valkey.start()
        drill.pause(1.0)
    unhappy = [each.words for each in drill.crowd.ledger.since(began).events if each.verdict != SUCCESS]
    outcome.faults += [f"without Valkey: {words}" for words in unhappy[:5]]
    outcome.note = "without it pages cost more, and nobody is refused"


def worker(drill: Drill, outcome: Outcome) -> None:
    """The worker: recovered once it has sent a message that was written after the kill."""
    for _ in drill.times(outcome, *WORKERS):
        ((began,),) = drill.house.ask("SELECT clock_timestamp()")
        drill.house.kill("kroi-worker")
        start = time.monotonic()
        while not drill.house.ask("SELECT 1 FROM outbox WHERE created_at > %s AND sent_at > %s LIMIT 1", began, began):
            if time.monotonic() - start > _PATIENCE:
                outcome.faults.append("the worker did not come back")
                return
            time.sleep(0.1)
        outcome.recoveries.append(time.monotonic() - start)
        drill.pause(1.0)
    outcome.note = "until it has sent what was written after the kill"
