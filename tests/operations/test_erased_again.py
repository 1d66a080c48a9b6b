"""A backup knows people who were erased since it was made: who puts it back erases them again, and nobody else."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import make_url, select

from kroi import cache
from kroi.accounts.audit import anchors, chain
from kroi.core.config import Settings
from kroi.db.model import session
from kroi.db.tenancy import across_dealerships, acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.leads import queries as leads
from kroi.leads.files import service as papers
from kroi.leads.files.models import LeadFile
from kroi.leads.models import Lead, Person
from kroi.leads.people import merging
from kroi.leads.privacy import again, ledger, service
from kroi.leads.privacy.rules import Why
from tests.leads.desk.test_files import PDF
from tests.leads.privacy.canaries import Canaries, Hay, found_in
from tests.leads.privacy.traces import rows
from tests.support.disk import raw_files
from tests.support.makers import make_lead

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]


def person_of(lead: Lead) -> int:
    return lead.person_id


def erase(person_id: int) -> None:
    with transaction():
        service.erase_person(person_id, why=Why.ASKED)
    session.remove()


def names() -> set[str]:
    session.rollback()
    session.expire_all()
    return {lead.name for lead in session.query(Lead)}


def keep_paper(lead: Lead, content: bytes) -> None:
    prepared = papers.prepare(content, "offer.pdf")
    with transaction():
        papers.add(leads.lock(lead.id), prepared)


def restored(ops: Ops, ours: Settings) -> str:
    (path,) = Path(ours.backup_url).glob("*.tar")
    result = ops("restore", path, "--drop-database")
    assert result.exit_code == 0, result.output
    return result.output


def raw(ours: Settings, engine: str) -> Iterator[Hay]:
    """What the disk says: the rows, the raw file, the papers; not the backup, which knows them by its nature."""
    yield from rows()
    if engine == "sqlite":
        path = Path(make_url(ours.database_url).database or "")
        for name, content in raw_files(path):
            yield Hay(name, content)
    for each in Path(ours.media_url).rglob("*.*"):
        yield Hay(each.name, each.read_bytes())
    yield Hay("ledger", ledger.path().read_bytes())


def test_a_restore_erases_again_who_was_erased_since(own: Flask, ours: Settings, ops: Ops, engine: str) -> None:
    new = Canaries()
    gone = make_lead(f"Anna {new.word('name')}", email=f"{new.word('mail', ascii_only=True).lower()}@example.com",
                     message=new.word("message"))  # fmt: skip
    keep_paper(gone, PDF + new.word("paper").encode())
    stays = make_lead("Bert Berg")
    keep_paper(stays, PDF)
    person_id = person_of(gone)
    assert ops("backup").exit_code == 0
    assert len(found_in(raw(ours, engine), new.kept)) == len(new.kept) if ledger.path().exists() else True
    erase(person_id)
    make_lead("Cilla Cahn")

    assert "people: 1, leads: 1" in restored(ops, ours)
    assert names() == {"Bert Berg"}
    assert found_in(raw(ours, engine), new.kept) == {}
    (file,) = session.scalars(select(LeadFile))
    assert papers.read(file) == PDF
    assert [line.why for line in ledger.read()] == [Why.ASKED, Why.RESTORED]
    assert chain.verify(anchors.read(current_dealership_id())).finding is None


def test_who_was_not_erased_stays_and_nobody_is_erased_twice(own: Flask, ours: Settings, ops: Ops) -> None:
    gone = make_lead("Anna Aho")
    person_id = person_of(gone)
    make_lead("Bert Berg")
    assert ops("backup").exit_code == 0
    erase(person_id)
    assert "people: 1, leads: 1" in restored(ops, ours)
    assert "people: 0, leads: 0" in ops("erase-again").output
    assert names() == {"Bert Berg"}


def test_a_number_that_was_given_out_again_is_somebody_else(own: Flask, ours: Settings, ops: Ops) -> None:
    first = make_lead("Anna Aho")
    number, lead_id = person_of(first), first.id
    erase(number)
    line = ledger.read()[-1]
    again_there = make_lead("Bert Berg")
    ledger.append(line.at, (person_of(again_there), number), (again_there.id, lead_id), Why.ASKED)
    assert again.erase_everywhere().lead_ids == ()
    assert names() == {"Bert Berg"}


def test_single_leads_are_erased_again_and_their_person_stays_with_the_others(
    own: Flask, ours: Settings, ops: Ops
) -> None:
    first = make_lead("Anna Aho", email="anna@example.com", message="First")
    first_id = first.id
    make_lead("Anna Aho", email="anna@example.com", message="Second")
    assert ops("backup").exit_code == 0
    with transaction():
        service.erase_leads([first_id], why=Why.RETENTION)
    assert "people: 0, leads: 1" in restored(ops, ours)
    assert [lead.message for lead in session.query(Lead)] == ["Second"]
    assert session.query(Person).count() == 1


@pytest.mark.parametrize("gone_survives", [True, False])
def test_who_was_one_with_them_then_and_is_not_now_stays_whole(
    own: Flask, ours: Settings, ops: Ops, gone_survives: bool
) -> None:
    gone, stays = make_lead("Anna Aho"), make_lead("Bert Berg")
    one, other = person_of(gone), person_of(stays)
    pair = (one, other) if gone_survives else (other, one)
    with transaction():
        merge_id = merging.merge(*pair).id
    assert ops("backup").exit_code == 0
    with transaction():
        merging.undo(merge_id)
    erase(one)
    restored(ops, ours)
    assert names() == {"Bert Berg"}
    (person,) = session.query(Person)
    assert (person.id, person.name, person.merged_into) == (other, "Bert Berg", None)
    assert "Anna" not in repr(found_in(rows(), {"aho": "name"}))


def test_each_dealership_erases_its_own(own: Flask, ours: Settings, ops: Ops) -> None:
    with across_dealerships():
        there = next(each.id for each in dealerships.list_profiles() if each.host == "b.test")
    make_lead("Anna Aho")
    with acting_for(there):
        gone = person_of(make_lead("Cilla Cahn"))
        make_lead("Doris Dahl")
    assert ops("backup").exit_code == 0
    with acting_for(there):
        erase(gone)
    assert "people: 1, leads: 1" in restored(ops, ours)
    assert names() == {"Anna Aho"}
    with acting_for(there):
        assert names() == {"Doris Dahl"}


def test_a_lost_ledger_stops_no_restore(own: Flask, ours: Settings, ops: Ops) -> None:
    gone = person_of(make_lead("Anna Aho"))
    assert ops("backup").exit_code == 0
    erase(gone)
    ledger.path().unlink()
    assert "people: 0, leads: 0" in restored(ops, ours)
    assert names() == {"Anna Aho"}


def test_whoever_serves_meanwhile_writes_at_once_and_they_are_erased_all_the_same(
    own: Flask, ours: Settings, ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = person_of(make_lead("Anna"))
    assert ops("backup").exit_code == 0
    erase(gone)
    monkeypatch.setattr(cache, "forget_everything", lambda: make_lead("Bert Berg"))  # the moment after the change
    assert "people: 1, leads: 1" in restored(ops, ours)
    assert names() == {"Bert Berg"}


def test_a_database_put_back_by_hand_is_noticed_by_the_worker(own: Flask, ours: Settings, ops: Ops) -> None:
    gone = person_of(make_lead("Anna Aho"))
    assert ops("backup").exit_code == 0
    erase(gone)
    copy = ledger.path().with_suffix(".kept")
    shutil.move(ledger.path(), copy)
    restored(ops, ours)
    shutil.move(copy, ledger.path())
    assert names() == {"Anna Aho"}
    chore = next(each for each in own.extensions["kroi.chores"] if each.work is again.erase)
    chore.work()
    assert names() == set()
