"""More requests than connections, in a real server: a quick 503 that says when to come again, never a hang."""

import http.client
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from tests.support.machines import MakeServer
from tests.support.postgres import plain
from tests.support.server import Server

pytestmark = pytest.mark.server
CONNECTIONS, ASKING = 2, 12
Answer = tuple[int, str, float]
QUICK = 8.0  # seconds, on a busy machine; DATABASE_POOL_TIMEOUT is one


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    """Eight requests at a time over two connections."""
    pool = {"DATABASE_POOL_MIN": "1", "DATABASE_POOL_SIZE": str(CONNECTIONS), "DATABASE_POOL_TIMEOUT": "1"}
    made = make_server("postgresql", INQUIRY_LIMIT="1000000", DATABASE_STATEMENT_TIMEOUT="60", **pool)
    made.start(threads=8)
    return made


def test_with_every_connection_in_use_others_are_told_soon_and_served_afterwards(server: Server) -> None:
    with psycopg.connect(plain(server.database_url)) as owner, ThreadPoolExecutor(ASKING) as crowd:
        owner.execute("LOCK TABLE cars IN ACCESS EXCLUSIVE MODE")
        asked = [crowd.submit(asked_for, server, f"/cars/?min_year={2000 + number}") for number in range(ASKING)]
        refused = told(asked, ASKING - CONNECTIONS)
        assert all(status == 503 and again.isdigit() for status, again, _ in refused), refused
        assert all(seconds < QUICK for _, _, seconds in refused), refused
        owner.rollback()
        answers = Counter(each.result()[0] for each in asked)
    assert set(answers) == {200, 503}
    time.sleep(1.1)  # as long as nobody waits for a pool that was dry
    assert [asked_for(server, "/cars/?min_year=1999")[0] for _ in range(5)] == [200] * 5


def told(asked: list[Future[Answer]], at_least: int) -> list[Answer]:
    """Answers that came although nothing was given back."""
    until = time.monotonic() + 3 * QUICK
    while sum(each.done() for each in asked) < at_least and time.monotonic() < until:
        time.sleep(0.05)
    found = [each.result() for each in asked if each.done()]
    assert len(found) >= at_least, f"only {len(found)} of {len(asked)} were answered"
    return found


def asked_for(server: Server, path: str) -> Answer:
    """Status, Retry-After, seconds."""
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status, response.headers.get("Retry-After", ""), time.monotonic() - began
