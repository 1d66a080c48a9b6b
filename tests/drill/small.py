"""Kroi on SQLite on the same disk, with shoppers of its own: what a full disk does to the smallest installation."""

import http.client
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

from tests.deploy.visitor import Visitor
from tests.drill.plan import Outcome
from tests.drill.shoppers import Crowd
from tests.support.server import Server

SHOPPERS = 2
_FILE = "kroi.sqlite3"


class Neighbour(Visitor):
    """Somebody who comes without TLS."""

    def __init__(self, port: int) -> None:
        self._port, self._host, self._cookies = port, "localhost", SimpleCookie()

    def connect(self) -> http.client.HTTPConnection:
        """Past any proxy."""
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)


@contextmanager
def small(folder: Path, outcome: Outcome) -> Iterator[Crowd]:
    """It serves in this folder while this lasts; then everything that went wrong with it is said of `outcome`."""
    folder.mkdir()
    server = Server(folder, "sqlite", INQUIRY_LIMIT="1000000")
    server.start()
    crowd = Crowd(lambda: Neighbour(server.port), SHOPPERS)
    try:
        crowd.start()
        yield crowd
        crowd.stop()
    finally:
        server.kill()
    rows = kept(folder / _FILE)
    balance = crowd.ledger.compare([row[:2] for row in rows], [number for number, _, spam in rows if spam])
    found = balance.faults() + crowd.ledger.contradictions + crowd.ledger.since(0).wrong()
    outcome.faults += [f"on SQLite: {each}" for each in found]


def kept(file: Path) -> list[tuple[int, str, bool]]:
    """Number and reference of every question, and whether it was put aside."""
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT message, reference, status = 'spam' FROM leads").fetchall()
    return [(int(message.split()[1]), reference, bool(spam)) for message, reference, spam in rows]
