"""Behind a real PgBouncer in transaction mode everything works, and nothing of one visitor reaches the next."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from kroi.db import dialects
from kroi.db.model import db, session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import run_in_transaction, transaction
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support import databases
from tests.support.client import Client, visitor
from tests.support.makers import make_car
from tests.support.pgbouncer import PgBouncer
from tests.support.postgres import Postgres, plain

pytestmark = [pytest.mark.server, pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")]
MOST = 2  # connections of PgBouncer to the server
VISITORS = 6


@pytest.fixture(scope="module")
def bouncer(postgres: Postgres) -> Iterator[PgBouncer]:
    found = PgBouncer(postgres, MOST)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def behind(app: Flask, bouncer: PgBouncer) -> Iterator[Flask]:
    """The application with DATABASE_URL through PgBouncer, and DIRECT_DATABASE_URL past it."""
    settings, name = app.extensions["kroi.settings"], db.engine.url.database
    assert name
    made = create_app(
        replace(
            settings, database_url=bouncer.url(name), direct_database_url=settings.database_url,
            database_pool_size=VISITORS, database_query_timeout=2,
        )
    )  # fmt: skip
    made.test_client_class = Client
    yield made
    databases.dispose(made)


def test_dealerships_that_share_connections_see_their_own_rows_only(
    behind: Flask, here: Dealership, there: Dealership
) -> None:
    houses = [here.id, there.id]
    for house in houses:
        with acting_for(house):
            make_car()
    session.commit()

    def look(number: int) -> set[tuple[int, int]]:
        house, seen = houses[number % 2], set()
        with behind.app_context(), acting_for(house):
            for _again in range(10):
                seen |= {(house, row) for row in session.scalars(text("SELECT dealership_id FROM cars"))}
                session.rollback()
        return seen

    with ThreadPoolExecutor(VISITORS) as threads:
        seen = set().union(*threads.map(look, range(VISITORS * 2)))
    assert seen == {(house, house) for house in houses}


def test_nothing_that_a_transaction_was_told_outlives_it(behind: Flask, bouncer: PgBouncer, here: Dealership) -> None:
    house = here.id
    session.commit()
    with behind.app_context(), acting_for(house):
        for _again in range(MOST * 5):
            session.execute(text("SELECT count(*) FROM cars"))
            session.rollback()
    name = db.engine.url.database
    asked = "SELECT current_setting('role'), current_setting('kroi.dealership', true), current_user"
    with psycopg.connect(plain(bouncer.url(str(name))), autocommit=True, prepare_threshold=None) as connection:
        found = {tuple(connection.execute(asked).fetchone() or ()) for _each in range(MOST * 5)}
    assert {(role, dealership or "", user) for role, dealership, user in found} == {("none", "", "postgres")}


def test_pages_and_forms_work(behind: Flask) -> None:
    make_car(slug="volvo")
    session.commit()
    client = visitor(behind)
    for path in ("/", "/cars/", "/cars/volvo", "/cars/volvo/inquiry", "/staff/sign-in", "/api/v1/cars", "/api/health"):
        assert client.get(path).status_code == 200, path


def test_only_one_at_a_time_holds_a_named_lock(behind: Flask, here: Dealership) -> None:
    inside: Counter[str] = Counter()
    house, most = here.id, []
    session.commit()

    def work() -> None:
        dialects.lock_named(session, "the only one")
        inside["now"] += 1
        most.append(inside["now"])
        time.sleep(0.02)
        inside["now"] -= 1

    def take_turns() -> None:
        with behind.app_context(), acting_for(house):
            run_in_transaction(work)

    threads = [threading.Thread(target=take_turns) for _each in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * VISITORS


def test_a_statement_that_takes_too_long_is_ended_through_it(behind: Flask, here: Dealership) -> None:
    house, start = here.id, time.monotonic()
    session.commit()
    with behind.app_context(), acting_for(house):
        with pytest.raises(OperationalError) as raised:
            session.execute(text("SELECT pg_sleep(20)"))
        session.rollback()
        assert session.scalar(text("SELECT 1")) == 1
    assert dialects.is_timeout(raised.value)
    assert time.monotonic() - start < 15, "sooner than it sleeps"


def test_when_it_is_restarted_the_next_request_does_not_notice(behind: Flask, bouncer: PgBouncer) -> None:
    client = visitor(behind)
    assert client.get("/cars/none").status_code == 404
    bouncer.stop()
    bouncer.start()
    assert client.get("/cars/none-either").status_code == 404


def test_upkeep_goes_past_it(behind: Flask) -> None:
    session.commit()
    with behind.app_context():
        assert dialects.wipe(db.engine, ["cars"], patient=True)
        with dialects.apart(db.engine) as connection:
            assert connection.scalar(text("SELECT inet_server_port()")) is None, "by the server's own socket"


def test_migrations_go_past_it(behind: Flask, bouncer: PgBouncer, postgres: Postgres) -> None:
    direct = postgres.create("kroi_past_it")
    settings = replace(
        behind.extensions["kroi.settings"], database_url=bouncer.url("kroi_past_it"), direct_database_url=direct
    )
    made = create_app(settings)
    try:
        with made.app_context():
            upgrade()
            with transaction():
                assert session.scalar(text("SELECT count(*) FROM dealerships")) == 1
        databases.dispose(made)
    finally:
        postgres.drop("kroi_past_it")
