"""Erasing a dealership takes every row and file of it, and nothing of the other's."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from kroi.db.model import session
from kroi.db.tenancy import across_dealerships
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.operations.rows import tables
from kroi.operations.tenants import service
from tests.operations.house import House, content

pytestmark = pytest.mark.slow

Rows = dict[str, list[dict[str, Any]]]


def of(rows: Rows, dealership_id: int) -> Rows:
    """What is this dealership's."""
    owner = {table.name: tables.owner_column(table) for table in tables.parents_first()}
    return {name: [row for row in found if row[owner[name]] == dealership_id] for name, found in rows.items()}


@pytest.fixture
def pictures(house: House) -> dict[int, Path]:
    """A picture of each dealership."""
    found = {}
    for profile in dealerships.list_profiles():
        found[profile.id] = Path(house.settings.media_url) / str(profile.id) / "a.webp"
        found[profile.id].parent.mkdir(parents=True)
        found[profile.id].write_bytes(b"a picture")
    return found


def test_nothing_of_it_is_left_and_nothing_of_the_other_is_touched(house: House, pictures: dict[int, Path]) -> None:
    ours, theirs = dealerships.list_profiles()
    mail = house.settings.instance / "mail" / f"{theirs.id}-1.eml"
    mail.parent.mkdir(exist_ok=True)
    mail.write_text("To: somebody")
    before = content(house.url)
    answer = house.run("dealerships", "erase", theirs.host, "--confirm", theirs.host)
    assert answer.exit_code == 0 and "compared and are as they were" in answer.output, answer.output
    after = content(house.url)
    assert of(before, theirs.id)["audit_entries"] and of(before, theirs.id)["leads"]
    assert not any(of(after, theirs.id).values())
    assert of(after, ours.id) == of(before, ours.id) == after
    assert pictures[ours.id].exists() and not pictures[theirs.id].parent.exists() and not mail.exists()


def test_the_record_is_only_added_to_afterwards_as_before(house: House) -> None:
    ours, theirs = dealerships.list_profiles()
    assert house.run("dealerships", "erase", theirs.host, "--confirm", theirs.host).exit_code == 0
    with pytest.raises(DBAPIError, match="only added to"):
        with create_engine(house.url, poolclass=NullPool).begin() as connection:
            connection.execute(text("DELETE FROM audit_entries"))


@pytest.mark.parametrize("said", ["", "a.test", "yes"])
def test_without_its_host_name_nothing_is_erased(house: House, said: str) -> None:
    _ours, theirs = dealerships.list_profiles()
    before = content(house.url)
    answer = house.run("dealerships", "erase", theirs.host, "--confirm", said)
    assert answer.exit_code == 1 and "That is not b.test" in answer.output
    assert content(house.url) == before


def test_one_without_a_host_name_wants_its_name(house: House) -> None:
    """A script whose variable is empty says nothing twice."""
    _ours, theirs = dealerships.list_profiles()
    with across_dealerships(), transaction():
        session.get_one(Dealership, theirs.id).host = ""
    dealerships.forget_map()
    before = content(house.url)
    answer = house.run("dealerships", "erase", "", "--confirm", "")
    assert answer.exit_code == 1 and f"That is not {theirs.name}" in answer.output, answer.output
    assert content(house.url) == before
    assert house.run("dealerships", "erase", "", "--confirm", theirs.name.upper()).exit_code == 0
    assert not of(content(house.url), theirs.id)["cars"]


def test_a_dry_run_says_what_there_is(house: House) -> None:
    _ours, theirs = dealerships.list_profiles()
    before = content(house.url)
    answer = house.run("dealerships", "erase", theirs.host, "--dry-run")
    assert answer.exit_code == 0 and "cars: 40" in answer.output and "Nothing was changed" in answer.output
    assert content(house.url) == before


def test_a_change_to_somebody_else_undoes_all_of_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _ours, theirs = dealerships.list_profiles()
    before = content(house.url)
    counted = service._tallies
    calls: list[int] = []

    def differing(*arguments: Any) -> Any:
        calls.append(1)
        return counted(*arguments) if len(calls) == 1 else {}

    monkeypatch.setattr(service, "_tallies", differing)
    answer = house.run("dealerships", "erase", theirs.host, "--confirm", theirs.host)
    assert answer.exit_code == 1 and "would have changed" in answer.output
    assert content(house.url) == before


def test_the_only_dealership_stays(house: House) -> None:
    ours, theirs = dealerships.list_profiles()
    assert house.run("dealerships", "erase", theirs.host, "--confirm", theirs.host).exit_code == 0
    answer = house.run("dealerships", "erase", ours.host, "--confirm", ours.host)
    assert answer.exit_code == 1 and "only dealership" in answer.output
