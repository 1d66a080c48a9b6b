"""The worker as a process: it sends, stops when told, survives what surrounds it, and loses nothing when killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import make_url

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import db, session
from kroi.db.tenancy import current_dealership_id
from kroi.factory import ROOT
from kroi.notifications.cli import render
from kroi.notifications.delivery import service
from kroi.notifications.delivery.carriers import Files
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Outbox
from kroi.notifications.worker.rules import Chore
from kroi.notifications.worker.service import Worker
from tests.notifications.conftest import Inbox, free_port
from tests.notifications.leads import ask
from tests.support.own import own_app


@pytest.fixture
def start_worker(app: Flask, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `flask worker` on the test's database."""
    started: list[subprocess.Popen[str]] = []

    def start(**environment: str) -> subprocess.Popen[str]:
        settings = app.extensions["kroi.settings"]
        env = os.environ | {
            "KROI_ENV": "test",
            "KROI_INSTANCE": str(tmp_path),
            "SECRET_KEY": settings.secret_key,
            "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        }
        command = [sys.executable, "-m", "flask", "worker"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=env | environment, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for(happened: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def unsent() -> int:
    session.rollback()
    return session.query(Outbox).filter(Outbox.sent_at.is_(None)).count()


@pytest.mark.server
def test_the_worker_sends_and_stops_when_told(
    boris: User, start_worker: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    ask()
    worker = start_worker()
    wait_for(lambda: len(list(tmp_path.glob("mail/*.eml"))) == 2)
    wait_for(lambda: unsent() == 0)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0


@pytest.mark.server
def test_a_worker_killed_in_the_middle_of_a_mail_loses_none(
    boris: User, start_worker: Callable[..., subprocess.Popen[str]], post: Post, mail_folder: Path
) -> None:
    reached, go_on = threading.Event(), threading.Event()

    class Slow(Inbox):
        async def handle_DATA(self, server: Any, connection: Any, envelope: Any) -> str:
            reached.set()
            go_on.wait(60)
            return "421 bye"

    server = Controller(Slow(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        ask()
        worker = start_worker(SMTP_URL=f"smtp://127.0.0.1:{server.port}")
        assert reached.wait(60)
        worker.kill()
        worker.wait()
    finally:
        go_on.set()
        server.stop(no_assert=True)
    assert unsent() == 2
    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=True):
        service.sweep(post)
    assert len(list(mail_folder.glob("*.eml"))) == 2
    assert unsent() == 0


@contextmanager
def database_away(app: Flask, engine: str) -> Iterator[None]:
    """The database is gone, with every connection to it, and comes back."""
    session.remove()
    db.engine.dispose()
    url = app.extensions["kroi.settings"].database_url
    move = move_database if engine == "postgresql" else move_file
    move(url, "", ".away")
    try:
        yield
    finally:
        db.engine.dispose()
        move(url, ".away", "")


def move_file(url: str, old: str, new: str) -> None:
    path = url.removeprefix("sqlite:///")
    Path(path + old).rename(path + new)


def move_database(url: str, old: str, new: str) -> None:
    name = make_url(url).database or ""
    address = make_url(url).set(database="postgres", drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name + old])
        connection.execute(f'ALTER DATABASE "{name}{old}" RENAME TO "{name}{new}"'.encode())


def test_the_worker_outlives_an_outage_of_the_database(app: Flask, engine: str, tmp_path: Path) -> None:
    with own_app(engine, tmp_path) as own:
        ask(email=None)
        folder = tmp_path / "mail"
        worker = Worker(Post(Files(folder), render, "https://a.test"), ())
        with database_away(own, engine):
            waits = [worker.round() for _ in range(3)]
        assert waits == [0.5, 1, 2]
        assert worker.round() == 0.5
        assert len(list(folder.glob("*.eml"))) == 1


def test_chores_come_round_for_each_dealership_and_one_fault_stops_nothing(app: Flask, post: Post) -> None:
    done: list[object] = []

    def fails() -> None:
        raise ValueError

    worker = Worker(
        post,
        (
            Chore("fails", timedelta(hours=1), fails),
            Chore("counts", timedelta(hours=1), lambda: done.append(current_dealership_id())),
            Chore("once", timedelta(hours=1), lambda: done.append("once"), each_dealership=False),
        ),
    )
    worker.round()
    worker.round()
    assert len(done) == 3 and done[2] == "once" and done[0] != done[1]
