"""Erasing somebody: every row goes that hangs on them, the audit holds, and nobody else loses anything."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kroi.accounts.audit import anchors, chain
from kroi.accounts.models import AuditEntry, User
from kroi.core import clock
from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.leads import queries
from kroi.leads import service as leads
from kroi.leads.files import service as papers
from kroi.leads.files.store import here as papers_here
from kroi.leads.inbox import service as inbox
from kroi.leads.inbox.models import BulkChange
from kroi.leads.models import Lead, Person
from kroi.leads.people import service as people
from kroi.leads.privacy import aftermath, ledger, service
from kroi.leads.privacy.holdings import hanging, holdings
from kroi.leads.privacy.models import Aftermath, ErasedLead
from kroi.leads.privacy.rules import Erased, Why
from kroi.leads.rules import InquiryDraft, LeadStatus
from tests.leads.people.crowd import ask, merged
from tests.support.makers import make_lead

PDF = b"%PDF-1.4 somebody's papers"


def erased(person_id: int, why: Why = Why.OWNER) -> Erased:
    """Erase a person, in a transaction."""
    with transaction():
        return service.erase_person(person_id, why=why)


def everything() -> dict[str, int]:
    """How many rows each table about people holds."""
    people_ids, lead_ids = list(session.scalars(select(Person.id))), list(session.scalars(select(Lead.id)))
    return {held.name: held.count() for held in holdings(people_ids, lead_ids)}


def worked(name: str) -> Lead:
    """A lead with a note, a task, a file and a place in a change of many."""
    lead = make_lead(name)
    prepared = papers.prepare(PDF + name.encode(), "offer.pdf")
    with transaction():
        lead = session.merge(lead)
        leads.add_note(lead, f"{name} has two dogs")
        leads.add_task(lead, f"Ring {name}", clock.now() + timedelta(hours=1))
        papers.add(lead, prepared)
    return lead


def test_what_hangs_on_a_person_goes_and_what_hangs_on_others_stays(app: Flask) -> None:
    worked("Bea Bystander")
    before = everything()
    anna = worked("Anna Aho")
    found = erased(anna.person_id)
    assert everything() == before
    assert found.person_ids == (anna.person_id,) and found.lead_ids == (anna.id,)
    assert found.rows["activities"] >= 4 and found.rows["tasks"] == found.rows["lead_files"] == 1
    with pytest.raises(NotFound):
        erased(anna.person_id)


def test_whoever_was_merged_goes_along_from_either_side(app: Flask) -> None:
    for asked_for in (0, 1):
        one, other = ask("Anna Aho", "anna@example.com"), ask("A. Aho", phone="040 765 4321")
        merged(one.person_id, other.person_id)
        with transaction():
            people.add_pairs([(one.person_id, ask_in("Matti Aho").person_id, ["name"])])
        erased((one.person_id, other.person_id)[asked_for])
        assert set(session.scalars(select(Person.name))) == {"Matti Aho"}
        assert not everything()["person_pairs"]


def ask_in(name: str) -> Lead:
    """Somebody asks, inside a transaction."""
    return leads.add_walk_in(InquiryDraft(name=name, email="matti@example.com", message="Hello"))


def test_the_audit_holds_and_says_numbers_only(app: Flask) -> None:
    anna = worked("Anna Aho")
    erased(anna.person_id)
    assert chain.verify(anchors.read(current_dealership_id())).finding is None
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.erased")).one()
    assert entry.subject_id == anna.person_id and entry.details["leads"] == [anna.id] and entry.sealed is None
    assert "Anna" not in str(entry.details)


def test_a_single_lead_goes_and_the_person_with_the_last_one(app: Flask) -> None:
    first, second = ask("Anna Aho", "anna@example.com"), ask("Anna Aho", "anna@example.com", message="Another")
    with transaction():
        assert service.erase_leads([first.id, 999_999], why=Why.RETENTION).person_ids == ()
    assert session.scalars(select(Lead.id)).all() == [second.id]
    with transaction():
        assert service.erase_leads([second.id], why=Why.RETENTION).person_ids == (first.person_id,)
    with transaction():
        assert service.erase_leads([second.id], why=Why.RETENTION) == Erased()
    assert everything() == dict.fromkeys(everything(), 0)


def test_files_go_after_the_commit_unless_somebody_else_holds_the_same(app: Flask) -> None:
    anna, bea = worked("Anna Aho"), worked("Bea Bystander")
    shared = papers.prepare(PDF, "same.pdf")
    with transaction():
        for lead in (session.merge(anna), session.merge(bea)):
            papers.add(lead, shared)
    folder = papers_here().root / str(current_dealership_id())
    assert len(list(folder.glob("paper-*"))) == 3
    erased(anna.person_id)
    assert len(list(folder.glob("paper-*"))) == 2
    erased(bea.person_id)
    assert not list(folder.glob("paper-*"))


def test_a_file_that_resists_is_tried_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, lines_before = worked("Anna Aho"), len(ledger.read())
    with monkeypatch.context() as broken:
        broken.setattr("kroi.leads.files.store.Private.delete", _refuse)
        erased(anna.person_id)
    folder = papers_here().root / str(current_dealership_id())
    assert len(list(folder.glob("paper-*"))) == 1 and len(session.scalars(select(Aftermath)).all()) == 1
    aftermath.finish()
    assert not list(folder.glob("paper-*")) and not session.scalars(select(Aftermath)).all()
    assert len(ledger.read()) == lines_before + 1, "one line, not two"


def _refuse(*_given: object) -> None:
    raise PermissionError("the disk is read-only")


def test_an_undone_erasure_leaves_everything(app: Flask) -> None:
    anna = worked("Anna Aho")
    before, lines = everything(), ledger.read()
    with pytest.raises(RuntimeError), transaction():
        service.erase_person(anna.person_id, why=Why.OWNER)
        raise RuntimeError("the power fails")
    assert everything() == before and ledger.read() == lines
    assert len(list((papers_here().root / str(current_dealership_id())).glob("paper-*"))) == 1


def test_the_ledger_tells_numbers(app: Flask) -> None:
    anna = worked("Anna Aho")
    erased(anna.person_id, Why.ASKED)
    line = ledger.read()[-1]
    assert (line.people, line.leads, line.why) == ((anna.person_id,), (anna.id,), Why.ASKED)
    assert line.house == current_dealership_id() and line.at <= clock.now()
    assert "Anna" not in ledger.path().read_text() and ledger.path().stat().st_mode & 0o077 == 0


def test_a_change_of_many_can_still_be_undone_for_the_others(app: Flask, boris: User) -> None:
    anna, bea = make_lead("Anna Aho"), make_lead("Bea Bystander")
    with transaction():
        done = inbox.change_many([anna.id, bea.id], _lose, boris.id)
        done_id = done.id
    erased(anna.person_id)
    change = session.get_one(BulkChange, done_id, populate_existing=True)
    assert [each["lead"] for each in change.changes] == [bea.id]
    with transaction():
        assert inbox.undo(session.get_one(BulkChange, done_id)).restored == 1


def _lose(lead_id: int) -> Lead:
    lead = queries.lock(lead_id)
    leads.change_status(lead, LeadStatus.SPAM)
    return lead


def test_spam_that_nobody_had_leaves_nothing_to_count(app: Flask) -> None:
    anna = make_lead("Anna Aho", status=LeadStatus.SPAM)
    erased(anna.person_id)
    assert not session.scalars(select(ErasedLead)).all()


def test_another_house_knows_nobody_of_ours(app: Flask, chris: User) -> None:
    anna = make_lead("Anna Aho")
    person_id, theirs = anna.person_id, chris.dealership_id
    with acting_for(theirs), pytest.raises(NotFound):
        erased(person_id)
    assert session.get(Person, person_id) is not None


def test_every_table_about_people_is_found(app: Flask) -> None:
    names = {model.__tablename__ for model in hanging()}
    assert {"people", "leads", "activities", "tasks", "mails", "outbox", "notices", "appointments"} <= names
    assert "cars" not in names and "users" not in names and "audit_entries" not in names
