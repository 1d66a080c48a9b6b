"""What a killed server forgets: the last second of views, and no more."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from kroi.analytics import queries
from kroi.core import clock
from kroi.db.model import session
from kroi.factory import ROOT
from tests.support.own import own_app

pytestmark = pytest.mark.server
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
Server = Callable[[Flask], tuple[subprocess.Popen[bytes], int]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Server]:
    """Starts granian on the application's database, outside test mode, in which nothing is counted by itself."""
    started: list[subprocess.Popen[bytes]] = []

    def start(app: Flask) -> tuple[subprocess.Popen[bytes], int]:
        settings, port = app.extensions["kroi.settings"], free_port()
        env = os.environ | {
            "KROI_ENV": "development",
            "KROI_INSTANCE": str(tmp_path),
            "SECRET_KEY": settings.secret_key,
            "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        }
        options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "1", "--log-level", "error"]
        command = [sys.executable, "-m", "granian", *options, "app:app"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True))
        wait_until_served(port)
        return started[-1], port

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The server and its workers, at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait_until_served(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            get(port, agent="curl/8")
            return
        except OSError:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)


def get(port: int, agent: str = FIREFOX) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/privacy", headers={"Host": "a.test", "User-Agent": agent})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def counted() -> int:
    session.rollback()
    day = clock.today("Europe/Helsinki")
    return queries.list_days(day, day)[0].pages


def test_a_killed_server_has_lost_at_most_a_second(app: Flask, engine: str, tmp_path: Path, serve: Server) -> None:
    with own_app(engine, tmp_path) as own:
        process, port = serve(own)
        loads: list[float] = []
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            assert get(port) == 200
            loads.append(time.monotonic())
            time.sleep(0.02)
        killed_at = time.monotonic()
        kill(process)
        older = sum(moment < killed_at - 1 for moment in loads)
        assert older <= counted() <= len(loads)


def test_a_server_that_is_told_to_end_has_lost_nothing(app: Flask, engine: str, tmp_path: Path, serve: Server) -> None:
    with own_app(engine, tmp_path) as own:
        process, port = serve(own)
        for _ in range(10):
            get(port)
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        assert counted() == 10
