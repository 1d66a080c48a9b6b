"""Nothing waits for the database for ever: statements, transactions, servers that say nothing."""

import signal
import time
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from kroi.db import dialects, patience, statistics
from kroi.db.model import db, session
from kroi.db.transaction import transaction
from kroi.factory import create_app
from tests.db.conftest import Another
from tests.support import databases
from tests.support.client import visitor
from tests.support.makers import make_car
from tests.support.postgres import Postgres

pytestmark = pytest.mark.slow

SLOW = {
    "postgresql": "SELECT pg_sleep(30)",
    "sqlite": "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up) SELECT max(n) FROM up",
}


def ask_slowly(engine: str) -> None:
    session.execute(text(SLOW[engine]))


def test_a_statement_that_takes_too_long_is_ended_and_the_connection_stays_good(another: Another, engine: str) -> None:
    app, start = another(database_query_timeout=1), time.monotonic()
    with app.app_context():
        with pytest.raises(OperationalError) as raised:
            ask_slowly(engine)
        session.rollback()
        assert session.scalar(text("SELECT 1")) == 1
    assert time.monotonic() - start < 12, "sooner than the usual fifteen seconds"
    assert dialects.is_timeout(raised.value)


def test_a_page_that_asks_too_slowly_answers_503_and_not_that_something_broke(another: Another, engine: str) -> None:
    app = another(database_query_timeout=1)

    @app.get("/slowly")
    def slowly() -> str:
        ask_slowly(engine)
        return "never"

    answer = visitor(app).get("/slowly")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_upkeep_may_take_as_long_as_it_takes(another: Another, engine: str) -> None:
    app = another(database_query_timeout=1, database_statement_timeout=1)
    with app.app_context(), patience.at_most(float("inf")), patience.within(2.5), pytest.raises(OperationalError):
        start = time.monotonic()
        try:
            ask_slowly(engine)
        finally:
            assert time.monotonic() - start > 2, "longer than the settings say, and as long as was said here"


def test_the_server_ends_a_statement_too_where_we_do_not(another: Another, engine: str) -> None:
    if engine == "sqlite":
        return  # it is in our own process
    app = another(database_query_timeout=60, database_statement_timeout=1)
    with app.app_context(), pytest.raises(OperationalError, match="statement timeout"):
        ask_slowly(engine)


def test_a_transaction_has_its_own_time(app: Flask, engine: str) -> None:
    start = time.monotonic()
    with pytest.raises((DBAPIError, patience.TooLong)), transaction(seconds=0.5):
        make_car()
        ask_slowly(engine)
    with pytest.raises(patience.TooLong), transaction(seconds=0.1):
        make_car()
        time.sleep(0.2)
    assert time.monotonic() - start < 12, "sooner than the usual fifteen seconds"
    assert session.scalar(text("SELECT count(*) FROM cars")) == 0, "nothing of it is stored"
    assert statistics.counts().overdue == 2


def test_a_server_that_says_nothing_at_all_is_hung_up_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("silent")
    server = Postgres()
    server.start()
    settings = replace(
        databases.settings_for(server.create("silent"), folder), database_query_timeout=1, database_connect_timeout=2
    )
    app = create_app(settings)
    try:
        with app.app_context(), db.engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
            start = time.monotonic()
            server.tell(signal.SIGSTOP)
            with pytest.raises(OperationalError) as raised:
                connection.scalar(text("SELECT 2"))
            assert raised.value.connection_invalidated
            assert time.monotonic() - start < 12, "sooner than the usual fifteen seconds"
    finally:
        server.tell(signal.SIGCONT)
        databases.dispose(app)
        server.remove()
