"""Whoever asks how we are hears it soon, whatever the database is busy with."""

import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import text

from kroi.db.model import db, session
from kroi.factory import create_app
from tests.support import databases
from tests.support.postgres import Postgres, plain

SOON = 8.0  # seconds, on a busy machine: half of what a statement may take


def test_a_locked_table_does_not_hold_it_up(app: Flask, engine: str) -> None:
    if engine == "sqlite":
        return  # nobody waits there to read
    session.rollback()  # of the test itself, which has read who deals here
    with psycopg.connect(plain(app.extensions["kroi.settings"].database_url)) as owner:
        owner.execute("LOCK TABLE dealerships, outbox IN ACCESS EXCLUSIVE MODE")
        status, found, took = asked(app)
    assert took < SOON
    assert (status, found["status"], found["checks"]["database"]["status"]) == (200, "degraded", "healthy")
    assert found["checks"]["backup"]["status"] == found["checks"]["queue"]["status"] == "degraded"


def test_a_database_that_says_nothing_does_not_hold_it_up(engine: str, tmp_path: Path) -> None:
    if engine == "sqlite":
        return  # it is in our own process
    server = Postgres()
    server.start()
    app = create_app(replace(databases.settings_for(server.create("silent"), tmp_path), database_pool_min=1))
    try:
        with app.app_context(), db.engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        server.tell(signal.SIGSTOP)
        for _ in range(2):  # with a connection that was open, and without any
            status, found, took = asked(app)
            assert took < SOON
            assert (status, found["checks"]["database"]["status"]) == (503, "unhealthy")
            time.sleep(1.1)  # as long as an answer is good for
    finally:
        server.tell(signal.SIGCONT)
        databases.dispose(app)
        server.remove()


def asked(app: Flask) -> tuple[int, dict[str, Any], float]:
    """Status, what it says, seconds."""
    began = time.monotonic()
    answer = app.test_client().get("/api/health")
    return answer.status_code, answer.json or {}, time.monotonic() - began
