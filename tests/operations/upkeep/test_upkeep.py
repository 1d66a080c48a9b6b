"""`flask ops monitor` changes nothing and says what there is; `flask ops upkeep` tidies while others work."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from kroi.accounts.models import SignInAttempt
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.operations.upkeep import memory, rules
from tests.operations.house import House, content, rename_car
from tests.support.valkey import Valkey

pytestmark = pytest.mark.slow


def look(house: House) -> dict[str, Any]:
    answer = house.run("ops", "monitor", "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.output)
    return found


def test_a_look_says_sizes_indexes_and_what_is_not_counted(house: House) -> None:
    before = content(house.url)
    found = look(house)
    cars = next(each for each in found["tables"] if each["table"] == "cars")
    assert found["engine"] == house.engine and found["bytes"] > 100_000
    assert cars["table_bytes"] > 0 and cars["index_bytes"] > 0
    assert any(each["table"] == "leads" and each["bytes"] > 0 for each in found["indexes"])
    if house.engine == "sqlite":
        assert cars["rows"] == 80 and any("does not count" in note for note in found["notes"])
    else:
        assert found["connections_most"] and 0 <= found["hit_rate"] <= 1
    assert content(house.url) == before


def test_it_is_said_in_words_too(house: House) -> None:
    answer = house.run("ops", "monitor")
    assert answer.exit_code == 0 and answer.output.startswith(house.engine), answer.output
    assert "cars" in answer.output and "Waiting for a lock: nothing" in answer.output


def test_whoever_holds_a_lock_is_seen(house: House) -> None:
    with create_engine(house.url, poolclass=NullPool).connect() as connection:
        if house.engine == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            assert look(house)["waiting"]
            return
        connection.execute(text("SELECT 1"))
        assert look(house)["connections"]["idle in transaction"] >= 1


def test_upkeep_changes_no_row_that_is_still_in_time(house: House) -> None:
    before = content(house.url)
    answer = house.run("ops", "upkeep", "--reindex", "--compact")
    assert answer.exit_code == 0 and "reindex" in answer.output, answer.output
    after = content(house.url)
    assert {name: after[name] for name in ("cars", "leads", "people", "users", "audit_entries")} == {
        name: before[name] for name in ("cars", "leads", "people", "users", "audit_entries")
    }


def test_what_is_over_its_time_goes_in_every_dealership(house: House) -> None:
    for profile in dealerships.list_profiles():
        with acting_for(profile.id):
            _try_long_ago()
    answer = house.run("ops", "upkeep", "--json")
    steps = json.loads(answer.output)
    assert "2 rows of sign_in_attempts were over their time" in [step["what"] for step in steps]
    assert content(house.url)["sign_in_attempts"] == []


def _try_long_ago() -> None:
    with transaction():
        session.add(SignInAttempt(address_digest="x", account_digest="y", at=clock.now() - timedelta(days=60)))
    session.remove()


def test_a_locked_table_is_left_out_and_nobody_waits(house: House) -> None:
    if house.engine == "sqlite":
        return _writers_go_on(house)
    with create_engine(house.url, poolclass=NullPool).connect() as connection:
        connection.execute(text("LOCK TABLE cars IN ACCESS EXCLUSIVE MODE"))
        answer = house.run("ops", "upkeep")
        assert answer.exit_code == 1 and "cars: " in answer.output and "lock not available" in answer.output
    return None


def _writers_go_on(house: House) -> None:
    assert house.run("ops", "upkeep").exit_code == 0
    rename_car(house.url, "written")


def test_an_index_that_a_reindex_left_half_made_is_seen_and_mended(house: House) -> None:
    if house.engine == "sqlite":
        return
    with create_engine(house.url, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE INDEX ix_cars_x_ccnew ON cars (model)"))
        connection.execute(
            text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_cars_x_ccnew'::regclass")
        )
    assert any("ix_cars_x_ccnew is broken" in note for note in look(house)["notes"])
    assert house.run("ops", "upkeep", "--reindex").exit_code == 0
    assert not any("broken" in note for note in look(house)["notes"])


def test_only_indexes_that_keep_nothing_unique_are_called_unused() -> None:
    indexes = [
        rules.Index("a", "t", 1, used=0),
        rules.Index("b", "t", 1, used=0, needed=True),
        rules.Index("c", "t", 1, used=4),
        rules.Index("d", "t", 1),
    ]
    assert rules.unused(indexes) == ["a"]
    assert [rules.amount(each) for each in (0, 999, 1_000, 2_500_000)] == ["0 B", "999 B", "1.0 kB", "2.5 MB"]


def test_a_cache_that_does_not_answer_is_said(valkey: Valkey) -> None:
    found = memory.look(valkey.url)
    assert found is not None and found["answers"] is True and isinstance(found["used_bytes"], int)
    assert memory.look("redis://127.0.0.1:1") == {"answers": False, "why": "ConnectionError"}
    assert memory.look(None) is None
