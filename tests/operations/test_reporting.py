"""Who makes reports outside of Kroi reads figures of one dealership, changes nothing, and meets no person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from psycopg import sql
from psycopg.conninfo import make_conninfo

from kroi.core.config import Settings
from kroi.db.model import Model, session
from kroi.db.tenancy import across_dealerships, acting_for
from kroi.dealerships.models import Dealership
from kroi.operations.reporting import rules, service
from tests.support.makers import make_car, make_lead
from tests.support.postgres import plain

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]
ON_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
PERSONAL = ("name", "email", "phone", "message", "text", "plate", "vin", "digest", "assignee", "person", "address")


@contextmanager
def signed_in(settings: Settings, made: Result) -> Iterator[psycopg.Connection[Any]]:
    assert made.exit_code == 0, made.output
    words = made.output.replace(",", "").replace(".", "").split()
    name, password = words[1], words[3]
    address = make_conninfo(plain(settings.database_url), user=name, password=password)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture
def two(own: Flask) -> tuple[int, int]:
    """Two dealerships with a lead each; the first also has the three cars of before."""
    with across_dealerships():
        first, second = [row.id for row in session.query(Dealership).order_by(Dealership.id).limit(2)]
    session.remove()
    for each in (first, second):
        with acting_for(each):
            make_lead(car=make_car(model="Z"))
    session.remove()
    return first, second


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
def test_sqlite_has_no_logins_and_says_so(ops: Ops) -> None:
    made = ops("reporting-role", "--dealership", "a.test")
    assert (made.exit_code, "need PostgreSQL" in made.output) == (1, True)


@ON_POSTGRESQL
def test_it_sees_its_dealership_and_no_other(ops: Ops, ours: Settings, two: tuple[int, int]) -> None:
    with signed_in(ours, ops("reporting-role", "--dealership", "b.test")) as connection:
        assert connection.execute("SELECT DISTINCT dealership_id FROM reports.leads").fetchall() == [(two[1],)]
        connection.execute(f"SET kroi.dealership = '{two[0]}'")
        for table in rules.SEEN:
            rows = connection.execute(f"SELECT DISTINCT dealership_id FROM {table}").fetchall()
            assert rows in ([], [(two[1],)]), table
            rows = connection.execute(f"SELECT DISTINCT dealership_id FROM public.{table}").fetchall()
            assert rows in ([], [(two[1],)]), table


@ON_POSTGRESQL
def test_it_meets_no_person_and_changes_nothing(ops: Ops, ours: Settings, two: tuple[int, int]) -> None:
    with signed_in(ours, ops("reporting-role", "--dealership", "a.test")) as connection:
        for asked in (
            "SELECT name FROM public.leads", "SELECT * FROM public.leads", "SELECT * FROM public.people",
            "SELECT * FROM public.users", "SELECT plate FROM public.cars", "SET ROLE kroi_app",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(asked)
        connection.execute("SET default_transaction_read_only = off")
        for done in (
            "UPDATE reports.cars SET price_cents = 1", "DELETE FROM public.leads", "CREATE TABLE public.x (y int)",
            "CREATE TABLE reports.x (y int)", "CREATE TEMPORARY TABLE x (y int)", "TRUNCATE public.cars",
            "CREATE FUNCTION reports.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "COPY (SELECT 1) TO PROGRAM 'id'",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(done)


@ON_POSTGRESQL
def test_whatever_it_leaves_in_the_database_stops_no_backup(ops: Ops, ours: Settings, two: tuple[int, int]) -> None:
    """Any login may make large objects, which nobody else may read."""
    with signed_in(ours, ops("reporting-role", "--dealership", "a.test")) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("SELECT lo_from_bytea(0, 'x')")
    made = ops("backup")
    assert made.exit_code == 0, made.output
    gone = ops("reporting-role", "--dealership", "a.test", "--drop")
    assert gone.exit_code == 0, gone.output


@ON_POSTGRESQL
def test_it_gets_in_where_nobody_else_may_also_after_a_restore(ops: Ops, ours: Settings, two: tuple[int, int]) -> None:
    with psycopg.connect(plain(ours.database_url), autocommit=True) as owner:
        owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(owner.info.dbname)))
    made = ops("reporting-role", "--dealership", "a.test")
    assert ops("backup").exit_code == 0
    restored = ops("restore", "--drop-database")
    assert restored.exit_code == 0, restored.output
    with signed_in(ours, made) as connection:
        assert connection.execute("SELECT count(*) FROM leads").fetchone() == (1,)
        others = "SELECT has_database_privilege('pg_monitor', current_database(), 'CONNECT')"
        assert connection.execute(others).fetchone() == (False,)
    assert ops("reporting-role", "--dealership", "a.test", "--drop").exit_code == 0


@ON_POSTGRESQL
def test_a_new_password_replaces_the_old_and_a_removed_login_is_gone(
    ops: Ops, ours: Settings, two: tuple[int, int]
) -> None:
    with signed_in(ours, ops("reporting-role", "--dealership", "a.test")):
        pass
    with signed_in(ours, ops("reporting-role", "--dealership", "a.test")) as connection:
        assert connection.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
    assert ops("reporting-role", "--dealership", "a.test", "--drop").exit_code == 0
    gone = ops("reporting-role", "--dealership", "a.test", "--drop")
    assert (gone.exit_code, "has no login" in gone.output) == (1, True)


@ON_POSTGRESQL
def test_the_server_is_never_told_the_password_itself(
    ops: Ops, two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str | None] = []
    say = service._say

    def listen(connection: Any, words: str, *names: str, value: str | None = None) -> None:
        told.append(value)
        say(connection, words, *names, value=value)

    monkeypatch.setattr(service, "_say", listen)
    made = ops("reporting-role", "--dealership", "a.test")
    assert made.exit_code == 0, made.output
    (kept,) = [value for value in told if value is not None]
    assert kept.startswith("SCRAM-SHA-256$") and kept not in made.output
    assert ops("reporting-role", "--dealership", "a.test", "--drop").exit_code == 0


@ON_POSTGRESQL
def test_a_backup_with_the_views_in_it_comes_back(ops: Ops, two: tuple[int, int]) -> None:
    assert ops("reporting-role", "--dealership", "a.test").exit_code == 0
    made = ops("backup")
    assert made.exit_code == 0, made.output
    assert ops("reporting-role", "--dealership", "a.test", "--drop").exit_code == 0


def test_no_column_that_it_sees_is_about_a_person() -> None:
    for table, columns in rules.SEEN.items():
        there = Model.metadata.tables[table].columns
        assert rules.OWNER in there
        for column in columns:
            assert column in there, f"{table}.{column} does not exist"
            assert not any(word in column.split("_") for word in PERSONAL), f"{table}.{column}"
