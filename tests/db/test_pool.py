"""Connections: bounded in number and in waiting, proved before use, taken back from who forgets them."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, text
from werkzeug.exceptions import NotFound

from kroi.accounts.models import User
from kroi.db import statistics
from kroi.db.model import db, session
from kroi.db.pool import Pool, PoolExhausted
from tests.db.conftest import Another
from tests.support.client import Client, visitor
from tests.support.postgres import plain

pytestmark = pytest.mark.slow


def pool_of(app: Flask) -> Pool:
    with app.app_context():
        assert isinstance(db.engine.pool, Pool)
        return db.engine.pool


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def is_postgresql(app: Flask) -> bool:
    return engine_of(app).dialect.name == "postgresql"


def test_the_settings_bound_the_pool(another: Another) -> None:
    pool = pool_of(another(database_pool_min=2, database_pool_size=3))
    with ExitStack() as stack:
        for _each in range(3):
            stack.enter_context(engine_of_pool(pool))
        assert (pool.state().open, pool.state().lent) == (3, 3)
    assert (pool.state().least, pool.state().most) == (2, 3)


def engine_of_pool(pool: Pool) -> ExitStack:
    stack, connection = ExitStack(), pool.connect()
    stack.callback(connection.close)
    return stack


def test_with_all_connections_lent_a_page_answers_503_in_time_and_not_for_ever(another: Another) -> None:
    app = another(database_pool_min=1, database_pool_size=1, database_pool_timeout=1)
    client, start = visitor(app), time.monotonic()
    with engine_of(app).connect():
        answers = [client.get(path) for path in ("/api/v1/cars", "/contact", "/cars/no-such-car")]
    assert [answer.status_code for answer in answers if answer.status_code != 200] == [503] * 2
    assert all(answer.headers["Retry-After"].isdigit() for answer in answers if answer.status_code == 503)
    assert time.monotonic() - start < 20, "two of them waited their second, and asked only once"
    assert statistics.counts().refused >= 3
    assert client.get("/contact").status_code == 200, "and it comes back by itself"


def test_a_signed_in_page_answers_503_too_when_the_pool_is_empty(
    another: Another, olga: User, signed_in: Callable[[User], Client]
) -> None:
    app = another(database_pool_min=1, database_pool_size=1, database_pool_timeout=1)
    secret = signed_in(olga).get_cookie("kroi", domain="a.test")
    assert secret is not None
    other = visitor(app)
    other.set_cookie("kroi", secret.value, domain="a.test")
    assert other.get("/staff/leads/").status_code == 200
    start = time.monotonic()
    with engine_of(app).connect():
        answer = other.get("/staff/leads/")
    assert (answer.status_code, answer.headers["Retry-After"].isdigit()) == (503, True)
    assert time.monotonic() - start < 20, "not for ever"


def test_behind_as_many_as_there_are_connections_nobody_waits(another: Another) -> None:
    pool, taken = pool_of(another(database_pool_size=1, database_pool_min=1, database_pool_timeout=10)), []
    with engine_of_pool(pool):
        waiting = threading.Thread(target=lambda: taken.append(pool.connect()))
        waiting.start()
        while not pool.state().waiting:
            time.sleep(0.01)
        start = time.monotonic()
        with pytest.raises(PoolExhausted):
            pool.connect()
        assert time.monotonic() - start < 5, "it did not wait its ten seconds"
    waiting.join()
    taken[0].close()
    assert (pool.state().waiting, pool.state().lent) == (0, 0)


def test_who_waits_gets_the_connection_that_comes_back(another: Another) -> None:
    pool, got = pool_of(another(database_pool_size=1, database_pool_min=1)), []
    with engine_of_pool(pool):
        thread = threading.Thread(target=lambda: got.append(pool.connect()))
        thread.start()
        time.sleep(0.2)
    thread.join(timeout=30)
    got[0].close()
    assert pool.state().lent == 0


def test_idle_connections_are_closed_down_to_the_least_and_those_missing_are_opened(another: Another) -> None:
    pool = pool_of(another(database_pool_min=2, database_pool_size=5))
    with ExitStack() as stack:
        for _each in range(4):
            stack.enter_context(engine_of_pool(pool))
    assert pool.close_idle(60) == 0, "used just now"
    assert pool.close_idle(-1) == 2
    assert pool.state().open == 2
    pool.dispose()
    assert pool.prove() == 2
    assert (pool.state().open, pool.state().lent) == (2, 0)


def test_connections_that_were_cut_are_replaced_before_anybody_notices(another: Another) -> None:
    app = another(database_pool_min=1)
    client = visitor(app)
    assert client.get("/cars/no-such-car").status_code == 404
    if is_postgresql(app):  # a file cannot cut anybody off
        cut_off(engine_of(app))
    assert client.get("/cars/no-such-car-either").status_code == 404


def cut_off(engine: Engine) -> None:
    with engine.connect() as mine:
        number = mine.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(plain(engine.url.render_as_string(hide_password=False)), autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s)", [number]).fetchone() == (True,)


def test_a_connection_that_a_request_forgot_is_named_with_where_it_was_taken_and_taken_back(
    another: Another, caplog: pytest.LogCaptureFixture
) -> None:
    app = another(database_pool_min=1, database_pool_size=2)
    kept = []

    @app.get("/forgetful/<name>")
    def forgetful(name: str) -> str:
        kept.append(db.engine.connect())
        return "done"

    with caplog.at_level(logging.ERROR):
        for _again in range(5):
            assert visitor(app).get("/forgetful/secret").status_code == 200
    found = [record.getMessage() for record in caplog.records if "not given back" in record.getMessage()]
    assert len(found) == 5
    assert "/forgetful/<name>" in found[0], "the route"
    assert "tests/db/test_pool.py" in found[0] and "forgetful" in found[0], "and where it was taken"
    assert "secret" not in found[0]
    assert (pool_of(app).state().lent, statistics.counts().leaked) == (0, 5)


def test_a_request_that_gives_everything_back_is_not_accused(another: Another) -> None:
    app = another()
    for path in ("/", "/cars/", "/staff/sign-in", "/api/v1/cars"):
        visitor(app).get(path)
    with pytest.raises(NotFound), app.test_request_context("/nowhere"):
        session.execute(text("SELECT 1"))
        raise NotFound
    assert statistics.counts().leaked == 0
    assert pool_of(app).state().lent == 0
