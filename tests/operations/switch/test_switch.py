"""`flask ops switch` moves every row, or nothing; the old database is closed last and never lost."""

import os
import stat
import threading
from pathlib import Path

import pytest
from flask_migrate import downgrade
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from kroi.catalogue.models import Car
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.operations.rows import tables
from kroi.operations.rows.rules import Kind, Tally
from kroi.operations.switch import disk, rules, service
from tests.operations.house import House, content, rename_car
from tests.support.makers import make_car
from tests.support.postgres import Postgres

pytestmark = pytest.mark.slow


def test_every_row_arrives_as_it_was(house: House) -> None:
    before = content(house.url)
    result = house.switch()
    assert result.exit_code == 0, result.output
    assert len(before["cars"]) == 80 and len(before["leads"]) == 4 and before["audit_entries"]
    assert content(house.other) == before
    assert "every one read back and found the same" in result.output


def test_a_backup_is_written_first(house: House) -> None:
    assert house.switch().output.startswith("Backup: ")
    assert list((house.file.parent / "backups").glob("*.tar"))


def test_the_settings_name_the_new_database_and_keep_everything_else(house: House) -> None:
    assert (said := house.switch()).exit_code == 0, said.output
    new, old = rules.plain(house.other), rules.plain(house.url)
    assert house.file.read_text() == f"# ours\nPORT=8123\nDATABASE_URL={new}\nOTHER_DATABASE_URL={old}\n"
    assert stat.S_IMODE(house.file.stat().st_mode) == 0o640


def test_work_goes_on_there_with_new_numbers_and_an_unbroken_audit(house: House) -> None:
    assert (said := house.switch()).exit_code == 0, said.output
    with house.moved_app() as moved:
        for profile in dealerships.list_profiles():
            with acting_for(profile.id):
                most = max(car.id for car in session.query(Car))
                assert make_car(model="new").id > most
                assert {car.dealership_id for car in session.query(Car)} == {profile.id}
                session.remove()
        checked = moved.test_cli_runner().invoke(args=["audit", "verify", "--dealership", "a.test"])
        assert checked.exit_code == 0, checked.output


def test_what_only_postgresql_has_is_there_after_the_move(house: House) -> None:
    """Row security, rows that are only added to, the role that the application acts under."""
    assert (said := house.switch()).exit_code == 0, said.output
    url = house.other if house.engine == "sqlite" else house.url
    owned = [table for table in tables.parents_first() if "dealership_id" in table.columns]
    with create_engine(url, poolclass=NullPool).connect() as connection:
        policies = connection.execute(
            text("SELECT count(*) FROM pg_policies WHERE policyname LIKE '%\\_ours'")
        ).scalar()
        assert policies == len(owned) + 1  # and the dealerships themselves
        triggers = connection.execute(text("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")).scalar()
        assert triggers == 2


def test_the_old_database_is_read_and_no_longer_written(house: House) -> None:
    before = content(house.url)
    assert (said := house.switch()).exit_code == 0, said.output
    with pytest.raises(DBAPIError) as refused:
        rename_car(house.url, "lost")
    assert dialects.is_connection_error(refused.value), "a server that was forgotten says 503"
    assert content(house.url) == before


def test_the_way_back_is_the_same_command(house: House) -> None:
    assert (said := house.switch()).exit_code == 0, said.output
    rename_car(house.other, "since")
    before = content(house.other)
    found = service.Plan(
        service.end_of(house.other),
        rules.plain(house.other),
        service.end_of(house.url),
        rules.plain(house.url),
        house.file,
    )
    service.check(found)
    service.switch(found)
    assert content(house.url) == before
    assert f"DATABASE_URL={rules.plain(house.url)}\n" in house.file.read_text()
    rename_car(house.url, "works")


def test_it_is_refused_while_kroi_runs(house: House) -> None:
    before = content(house.url)
    with create_engine(house.url, poolclass=NullPool).connect() as connection:
        connection.execute(text("SELECT count(*) FROM cars"))
        connection.commit()  # idle, as a web server between two requests
        result = house.switch()
    assert result.exit_code == 1 and "Kroi is still running" in result.output
    assert content(house.url) == before and not house.has_moved()


def test_nobody_writes_while_it_moves(house: House) -> None:
    end = service.end_of(house.url)
    house.let_go()
    with end.held():
        with pytest.raises(DBAPIError):
            engine = create_engine(house.url, poolclass=NullPool)
            with engine.begin() as connection:
                patience = (
                    "SET LOCAL lock_timeout = '100ms'" if house.engine == "postgresql" else "PRAGMA busy_timeout=1"
                )
                connection.execute(text(patience))
                connection.execute(text("UPDATE cars SET model = 'lost'"))


def test_the_servers_own_upkeep_of_a_table_is_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    if house.engine == "sqlite":
        return  # it has none
    end = service.end_of(house.url)
    house.let_go()
    monkeypatch.setattr(end, "check_idle", lambda: None)  # which does not count the server's own
    engine = create_engine(house.url, poolclass=NullPool)
    with engine.connect() as vacuum:
        vacuum.execute(text("LOCK TABLE cars IN SHARE UPDATE EXCLUSIVE MODE"))
        soon = threading.Timer(0.5, vacuum.rollback)
        soon.start()
        with end.held():
            assert soon.finished.is_set()
        soon.join()


def test_a_database_that_holds_data_is_never_overwritten(house: House, postgres: Postgres) -> None:
    assert (said := house.switch()).exit_code == 0, said.output
    service.end_of(house.other).settle()
    before = content(house.other)
    service.end_of(house.url)
    house.file.write_text("# as if it had never moved\n")
    result = house.switch()
    assert result.exit_code == 1 and "holds data already" in result.output
    assert content(house.other) == before


@pytest.mark.parametrize("trouble", ["the file of settings", "what arrived", "a row"])
def test_whatever_fails_the_old_database_serves(house: House, trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(house.url)
    if trouble == "the file of settings":

        def fail(path: Path, words: str) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(disk, "replace_text", fail)
    if trouble == "what arrived":
        monkeypatch.setattr(service, "tally_of", lambda rows: Tally().result())
    if trouble == "a row":
        monkeypatch.setattr(Tally, "watch", _stumble)
    result = house.switch()
    assert result.exit_code == 1 and "Nothing was changed" in result.output, result.output
    assert content(house.url) == before and not house.has_moved()
    rename_car(house.url, "still served")
    monkeypatch.undo()
    service.end_of(house.other).check_free()


def _stumble(self: object, rows: object) -> object:
    yield from ()
    raise ValueError("this one")


def test_asking_for_what_is_there_already_is_refused(house: House) -> None:
    result = house.app.test_cli_runner().invoke(args=["ops", "switch", house.engine, "--no-env-file"])
    assert result.exit_code == 1 and f"runs on {house.engine} already" in result.output


def test_no_address_is_said_and_so_is_an_environment_that_wins(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", house.url)
    result = house.switch()
    assert result.exit_code == 1 and "wins over settings.env" in result.output
    monkeypatch.delenv("DATABASE_URL")
    settings = house.app.extensions["kroi.settings"]
    object.__setattr__(settings, "other_database_url", None)
    if house.engine == "sqlite":
        result = house.switch()
        assert result.exit_code == 1 and "OTHER_DATABASE_URL names the PostgreSQL" in result.output


def test_a_schema_that_is_not_the_newest_is_refused(house: House) -> None:
    with create_engine(house.url, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'leads'"))
    result = house.switch()
    assert result.exit_code == 1 and "flask db upgrade" in result.output


def test_migrate_brings_an_older_schema_up_to_date_first(house: House) -> None:
    with house.app.app_context():
        downgrade(revision="-1")
    house.let_go()
    assert "not the newest" in house.switch().output
    answer = house.switch("--migrate")
    assert answer.exit_code == 0 and answer.output.count("Backup: ") == 1, answer.output
    assert len(content(house.other)["cars"]) == 80


def test_the_demo_is_refused_in_production_before_anything_is_done(house: House) -> None:
    object.__setattr__(house.settings, "kroi_env", "production")
    answer = house.switch("--seed")
    assert answer.exit_code == 1 and "not loaded in production" in answer.output and not house.has_moved()


def test_a_wrong_engine_is_wrong_use(house: House) -> None:
    assert house.app.test_cli_runner().invoke(args=["ops", "switch", "oracle"]).exit_code == 2


def test_every_column_there_is_can_be_carried(house: House) -> None:
    assert {kind for table in tables.parents_first() for kind in tables.kinds(table)} == set(Kind)


def test_settings_of_the_old_database_alone_become_comments() -> None:
    text_ = "A=1\nexport DATABASE_URL=x\nDIRECT_DATABASE_URL=y\nREPLICA_URL=z # far\n"
    assert rules.with_database(text_, "sqlite:///k", "postgresql://u:p'w@h/k") == (
        "A=1\nDATABASE_URL=sqlite:///k\nOTHER_DATABASE_URL='postgresql://u:p\\'w@h/k'\n"
        "# left by flask ops switch: DIRECT_DATABASE_URL=y\n# left by flask ops switch: REPLICA_URL=z # far\n"
    )
    assert os.linesep == "\n"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://kroi:secret@h/k", "postgresql://kroi:…@h/k"),
        ("postgresql://kroi:sec/r@et@h/k", "postgresql://kroi:…@h/k"),
        ("postgresql://h/k?password=secret&sslmode=require", "postgresql://h/k?password=…&sslmode=require"),
        ("postgresql+psycopg://kroi@h/k", "postgresql://kroi@h/k"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert rules.without_password(url) == shown
