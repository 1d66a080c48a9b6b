"""The database's settings: the documented defaults, and every wrong one in words before anything starts."""

from pathlib import Path

import pytest
from sqlalchemy import text

from kroi.core.config import Settings, SettingsError
from kroi.db.model import session
from kroi.factory import create_app
from tests.support import databases

POSTGRESQL = "postgresql://kroi@localhost/kroi"


def test_the_defaults_are_those_that_are_documented() -> None:
    found = Settings.from_env({}, instance=Path("x"))
    assert (found.database_pool_min, found.database_pool_size) == (5, 20)
    assert (found.database_connect_timeout, found.database_pool_timeout, found.database_idle_timeout) == (5, 5, 300)
    assert (found.database_statement_timeout, found.database_query_timeout) == (30, 15)
    assert (found.database_health_check_interval, found.database_slow_query_ms) == (30, 200)
    assert (found.database_debug, found.replica_url, found.direct_database_url) == (False, None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_QUERY_TIMEOUT", "0"),
        ("DATABASE_HEALTH_CHECK_INTERVAL", "-1"),
        ("DATABASE_SLOW_QUERY_MS", "fast"),
        ("DATABASE_DEBUG", "yes"),
        ("DATABASE_POOL_MIN", "21"),
        ("REPLICA_URL", "mysql://elsewhere/kroi"),
        ("REPLICA_URL", "sqlite:///elsewhere.sqlite3"),
        ("REPLICA_URL", POSTGRESQL),  # DATABASE_URL is SQLite
    ],
)
def test_a_wrong_one_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({name: value}, instance=Path("x"))
    assert [problem.split(":")[0] for problem in raised.value.problems] == [name]


def test_a_replica_of_postgresql_is_understood() -> None:
    found = Settings.from_env({"DATABASE_URL": POSTGRESQL, "REPLICA_URL": POSTGRESQL}, instance=Path("x"))
    assert found.replica_url == "postgresql+psycopg://kroi@localhost/kroi"


def test_a_new_database_of_sqlite_is_for_its_owner_s_eyes(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    settings = Settings.from_env({"KROI_ENV": "test", "DATABASE_URL": f"sqlite:///{path}"}, instance=tmp_path)
    app = create_app(settings.with_secret("s" * 40))
    with app.app_context():
        session.execute(text("CREATE TABLE x (y int)"))
        session.commit()
        assert {each.stat().st_mode & 0o077 for each in tmp_path.glob("new.sqlite3*")} == {0}
    databases.dispose(app)
