"""A dealership that was erased and comes back with an old backup is erased again, and no other."""

from kroi.core import journal
from kroi.db.model import session
from kroi.dealerships import queries as dealerships
from kroi.leads.privacy import ledger
from kroi.operations.tenants import again
from tests.operations.house import House, content


def names() -> list[str]:
    session.remove()
    dealerships.forget_map()
    return [each.name for each in dealerships.list_profiles()]


def test_a_restore_erases_again_the_dealership_that_was_erased_since(house: House) -> None:
    ours, theirs = dealerships.list_profiles()
    assert house.run("ops", "backup").exit_code == 0
    assert house.run("dealerships", "erase", theirs.host, "--confirm", theirs.host).exit_code == 0
    left = content(house.url)
    restored = house.run("ops", "restore", "--drop-database")
    assert restored.exit_code == 0 and f"since: {theirs.name}" in restored.output, restored.output
    assert names() == [ours.name] and content(house.url) == left
    assert theirs.name not in ledger.path().read_text(), "numbers, and no names"


def test_one_that_got_its_number_later_stays(house: House) -> None:
    ours, theirs = dealerships.list_profiles()
    journal.append(ledger.path(), {"at": "2020-01-01T00:00:00+00:00", "gone": theirs.id})
    assert "Erased again, as" not in house.run("ops", "erase-again").output
    assert names() == [ours.name, theirs.name]


def test_the_only_one_stays_and_it_is_said(house: House) -> None:
    ours, theirs = dealerships.list_profiles()
    assert house.run("dealerships", "erase", theirs.host, "--confirm", theirs.host).exit_code == 0
    again.note(ours.id)
    said = house.run("ops", "erase-again")
    assert said.exit_code == 0 and "It is the only dealership here" in said.output
    assert names() == [ours.name]
