"""What the database was asked is counted, timed and remembered: by route, by statement, and never with a value."""

import logging

import pytest
from flask import Flask
from sqlalchemy import select, text

from kroi.catalogue.models import Car
from kroi.db import statistics
from kroi.db.model import session
from kroi.db.statistics import counters, rules
from kroi.db.statistics.listening import errand
from kroi.db.transaction import transaction
from tests.db.conftest import Another
from tests.support.client import Client, visitor
from tests.support.makers import make_car

SECRET = "0401234567"


def test_statements_are_counted_and_timed(app: Flask) -> None:
    before = statistics.counts()
    session.execute(text("SELECT 1"))
    after = statistics.counts()
    assert after.queries > before.queries
    assert after.milliseconds > before.milliseconds
    assert sum(after.buckets) == after.queries


def test_the_history_names_the_route_and_never_the_address(client: Client) -> None:
    client.get(f"/cars/{SECRET}?q={SECRET}")
    found = statistics.recent()
    assert {query.route for query in found} <= {"/cars/<slug>", "-"}
    assert "/cars/<slug>" in {query.route for query in found}
    assert SECRET not in str(found)
    assert found[0].at >= found[-1].at, "newest first"


def test_what_is_asked_outside_of_requests_names_its_errand(app: Flask) -> None:
    with errand("chore: forget tries"):
        session.execute(text("SELECT 2"))
    assert statistics.recent()[0].route == "chore: forget tries"


def test_a_slow_statement_is_logged_with_its_route_and_without_its_values(
    another: Another, caplog: pytest.LogCaptureFixture
) -> None:
    app = another(database_slow_query_ms=1)

    @app.get("/slow/<what>")
    def slow(what: str) -> str:
        many = " UNION ALL ".join(["SELECT 1"] * 200)
        for _again in range(20):
            session.execute(
                text(f"SELECT count(*) FROM ({many}) AS a, ({many}) AS b WHERE :what <> ''"), {"what": what}
            )
        return "done"

    with caplog.at_level(logging.WARNING, logger="kroi.db.queries"):
        assert visitor(app).get(f"/slow/{SECRET}").status_code == 200
    said = [record.getMessage() for record in caplog.records if record.name == "kroi.db.queries"]
    assert any("for /slow/<what>: SELECT count(*)" in line for line in said)
    assert SECRET not in str(said)
    assert statistics.counts().slow == len(statistics.slow()) > 0
    assert all(query.milliseconds >= 1 for query in statistics.slow())


def test_debugging_logs_every_statement_and_still_no_value(another: Another, caplog: pytest.LogCaptureFixture) -> None:
    app = another(database_debug=True, database_slow_query_ms=60_000)
    with caplog.at_level(logging.INFO, logger="kroi.db.queries"):
        visitor(app).get(f"/cars/{SECRET}")
    said = [record.getMessage() for record in caplog.records if record.name == "kroi.db.queries"]
    assert any("SELECT" in line for line in said)
    assert SECRET not in str(said)
    logging.getLogger("kroi.db.queries").setLevel(logging.NOTSET)


def test_what_became_of_transactions_is_counted(app: Flask) -> None:
    with transaction():
        make_car()
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    found = statistics.counts()
    assert (found.committed, found.rolled_back) == (1, 1)
    assert found.transaction_milliseconds > 0


def test_history_and_kinds_of_statements_are_bounded(app: Flask) -> None:
    for number in range(counters.SHAPES + 50):
        session.execute(text(f"SELECT {number}"))
    assert len(statistics.recent()) == counters.REMEMBERED
    assert len(statistics.totals()) <= counters.SHAPES + 1
    assert sum(total.times for total in statistics.totals()) == statistics.counts().queries


def test_lists_of_any_length_are_one_kind_of_statement(app: Flask) -> None:
    for most in (2, 3, 7):
        session.execute(select(Car.id).where(Car.id.in_(range(most))))
    (found,) = [total for total in statistics.totals() if "IN (…)" in total.statement]
    assert found.times == 3
    assert found.longest <= found.milliseconds


@pytest.mark.parametrize(
    ("statement", "shape"),
    [
        ("SELECT a\n  FROM b WHERE c = %(c_1)s", "SELECT a FROM b WHERE c = ?"),
        ("WHERE id IN (%(id_1_1)s::BIGINT, %(id_1_2)s::BIGINT)", "WHERE id IN (…)"),
        ("WHERE id IN (?, ?, ?)", "WHERE id IN (…)"),
        ("WHERE name = 'O''Hara' AND x = %s", "WHERE name = '…' AND x = ?"),
        ("SAVEPOINT sa_savepoint_12", "SAVEPOINT sa_savepoint"),
    ],
)
def test_a_statement_is_kept_by_its_shape(statement: str, shape: str) -> None:
    assert rules.shape(statement) == shape


def test_the_pools_tell_how_they_are(another: Another) -> None:
    app = another(database_pool_min=3, database_pool_size=7)
    visitor(app).get("/cars/none")
    found = [pool for pool in statistics.pools() if (pool.name, pool.least, pool.most) == ("main", 3, 7)]
    assert found[0].open >= 1
    assert (found[0].lent, found[0].waiting) == (0, 0)
