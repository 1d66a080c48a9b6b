"""The invented year: the same for the same seed, and with an audit whose chain adds up."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kroi.accounts.audit import rules
from kroi.accounts.models import AuditEntry
from kroi.leads.models import Activity, Lead, Person
from tests.benchmarks.year.rows import Rows
from tests.benchmarks.year.stories import House
from tests.benchmarks.year.telling import year

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HOUSE = House([2, 3], [1], [(1, 15_900_00, NOW - timedelta(days=90)), (2, 9_900_00, NOW)], NOW)


def told(seed: int = 1) -> dict[str, list[dict[str, Any]]]:
    """Rows by table of a small year without its views."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model, rows in year(Rows(), HOUSE, 150, seed, visited=False):
        found.setdefault(model.__tablename__, []).extend(rows)
    return found


def test_the_same_seed_tells_the_same_leads() -> None:
    assert told()["leads"] == told()["leads"]
    assert told()["leads"] != told(seed=2)["leads"]


def test_a_year_has_every_lead_asked_for_and_people_who_come_again() -> None:
    found = told()
    assert len(found[Lead.__tablename__]) == 150
    assert 75 < len(found[Person.__tablename__]) < 150
    assert all(NOW - timedelta(days=366) < row["received_at"] <= NOW for row in found["leads"])
    assert {row["lead_id"] for row in found[Activity.__tablename__]} == {row["id"] for row in found["leads"]}


def test_the_audit_of_a_year_is_a_chain_in_the_order_of_time() -> None:
    before, at = rules.START, datetime.min.replace(tzinfo=UTC)
    names = ("actor_id", "action", "subject_kind", "subject_id", "details", "person_id", "sealed")
    for number, entry in enumerate(told()[AuditEntry.__tablename__], 1):
        facts = {name: entry[name] for name in names}
        assert (entry["number"], entry["previous_hash"]) == (number, before)
        assert entry["hash"] == rules.entry_hash(before, number, entry["at"], facts)
        assert entry["at"] >= at
        before, at = entry["hash"], entry["at"]
