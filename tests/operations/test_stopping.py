"""A web server that is told to stop takes nobody new, answers everybody it has let in, and ends soon."""

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.support.machines import MakeServer
from tests.support.postgres import plain
from tests.support.server import Server

pytestmark = pytest.mark.server
ASKING = 6
SLOW = 4  # seconds that the first of them takes at least
KILLED = 9  # seconds after which granian kills; it says so, too, of a process that has just ended, so time must tell


def test_whoever_was_let_in_is_answered_and_nobody_else_is(make_server: MakeServer) -> None:
    server = make_server("postgresql")
    server.start()
    with psycopg.connect(plain(server.database_url)) as owner, ThreadPoolExecutor(ASKING) as crowd:
        owner.execute("LOCK TABLE cars IN ACCESS EXCLUSIVE MODE")
        asked = [crowd.submit(status_of, server, f"/cars/?min_year={2000 + number}") for number in range(ASKING)]
        comes_true(lambda: waits_for_a_lock(owner))
        time.sleep(1)  # the others are in, too, behind the first one
        began = time.monotonic()
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        comes_true(lambda: not listens(server.port))
        time.sleep(SLOW)
        assert not any(each.done() for each in asked), "they wait, and none is cut off"
        assert not listens(server.port), "so health, too, refuses whoever asks now"
        owner.rollback()
        assert [each.result() for each in asked] == [200] * ASKING
        stopping.join()
        assert time.monotonic() - began < KILLED


def test_one_that_has_just_lost_a_process_still_ends_soon(make_server: MakeServer) -> None:
    server = make_server("sqlite")
    server.start(processes=2)
    (main,) = server.pids
    died, other = children(main)
    os.kill(died, signal.SIGKILL)
    comes_true(lambda: len(set(children(main)) - {died, other}) == 1)
    (fresh,) = set(children(main)) - {died, other}
    comes_true(lambda: not catches(fresh, signal.SIGTERM))  # it loads
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < KILLED


def status_of(server: Server, path: str) -> int:
    """How it was answered."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def comes_true(is_so: Callable[[], bool]) -> None:
    """Within the time that even a busy machine needs."""
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.005)


def waits_for_a_lock(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    return connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def catches(pid: int, number: signal.Signals) -> bool:
    """Has this process a handler for the signal?"""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    (mask,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(mask, 16) >> (number - 1) & 1)
