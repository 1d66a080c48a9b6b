"""Whoever is erased is nowhere any more: two hundred words through every door, and none of them left anywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from kroi.accounts.audit import anchors, chain
from kroi.accounts.models import AuditEntry
from kroi.analytics.reports import service as reports
from kroi.analytics.reports.models import DailyLeads
from kroi.core import sealing
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.leads.files.models import LeadFile
from kroi.leads.inbox.models import BulkChange
from kroi.leads.models import Lead, Person
from kroi.leads.privacy import service
from kroi.leads.privacy.rules import Why
from tests.leads.asking import leads
from tests.leads.desk.test_files import PDF
from tests.leads.privacy import bystanders, desk, doors
from tests.leads.privacy.canaries import found_in
from tests.leads.privacy.house import House, opened
from tests.leads.privacy.traces import everywhere

pytestmark = pytest.mark.slow

PLANTED = 200


@pytest.fixture
def house(app: Flask, engine: str, tmp_path: Path) -> Iterator[House]:
    with opened(engine, tmp_path) as found:
        yield found


def plant(house: House) -> tuple[int, str, list[int]]:
    """Everything that can happen to somebody: who they are in the end, their page, and who stands beside them."""
    asked = doors.inquiries(house)
    doors.refused(house)
    house.deliver()
    desk.work(house, asked[0])
    house.deliver()
    doors.mails(house, asked[0])
    mine = doors.own_page(house, asked[0])
    desk.walk_in(house)
    beside = bystanders.ask(house)
    desk.many(house, [each.id for each in leads()])
    person_id = desk.make_one(house)
    assert len(house.staff.post(f"/staff/people/{person_id}/export").data) > 10_000
    house.deliver()
    house.chores()
    for row in session.scalars(select(Person).where((Person.id == person_id) | (Person.merged_into.is_not(None)))):
        house.canaries.note(f"seal of {row.id}", row.seal_key)
    return person_id, mine, beside


def counted() -> list[tuple[object, ...]]:
    """What the reports are made from."""
    reports.count_again()
    columns = [column for column in DailyLeads.__table__.c if column.name != "id"]
    return sorted(map(tuple, session.execute(select(*columns))), key=repr)


def test_whoever_is_erased_is_nowhere_any_more(house: House) -> None:
    person_id, mine, beside = plant(house)
    known, keys = house.canaries, [row.seal_key for row in session.scalars(select(Person))]
    assert len(known.kept) >= PLANTED
    before = list(everywhere(house))
    found = found_in(before, known.kept)
    assert [f"{word} ({door})" for word, door in known.kept.items() if f"{word} ({door})" not in found] == []
    assert found_in(before, known.passing) == {}
    figures, theirs = counted(), bystanders.rows(beside)

    with transaction():
        erased = service.erase_person(person_id, why=Why.ASKED)
    assert bystanders.rows(beside) == theirs, "not a letter of theirs has changed"
    assert counted() == figures
    house.deliver()
    house.chores()

    assert len(erased.person_ids) > 10
    assert {lead.id for lead in leads()} == set(beside)
    assert found_in(everywhere(house), known.kept | known.passing) == {}
    assert house.shopper.get(mine).status_code == 404
    assert chain.verify(anchors.read(current_dealership_id())).finding is None
    _bystanders_go_on(house, beside)
    sealed = session.scalars(select(AuditEntry.sealed).where(AuditEntry.person_id.in_(erased.person_ids))).all()
    left = [row.seal_key for row in session.scalars(select(Person))]
    assert [words for words in sealed if words and any(sealing.unseal(key, words) for key in left)] == []
    assert any(words and sealing.unseal(key, words) for words in sealed for key in keys), "it was sealed, and is whole"


def _bystanders_go_on(house: House, beside: list[int]) -> None:
    """What was done to them among others can be undone, and their paper is there, though he had the same."""
    change_id = session.scalars(select(BulkChange.id).order_by(BulkChange.id.desc())).first()
    answer = house.staff.post(f"/staff/leads/bulk/{change_id}/undo")
    assert "Undone: 2 leads are as before." in house.staff.get(answer.headers["Location"]).text
    files = session.scalars(select(LeadFile).where(LeadFile.lead_id.in_(beside))).all()
    assert [house.staff.get(f"/staff/files/{file.id}").data for file in files] == [PDF, PDF]
    assert session.get_one(Lead, beside[0]).name == "Liisa Virtanen"
