"""Two people become one, and two again: every row comes back as it was, byte by byte."""

import json
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from kroi.accounts.models import AuditEntry, User
from kroi.core import clock, sealing
from kroi.core.errors import Conflict, NotFound
from kroi.db.model import Model, session
from kroi.db.transaction import transaction
from kroi.leads import service as leads
from kroi.leads.models import Activity, ActivityKind, Lead, Person
from kroi.leads.people import merging, queries, service
from kroi.leads.people.models import PairState, PersonPair
from tests.leads.people.crowd import ask, merged, pairs, people, rows, undone

PHONE, OTHER = "040 765 4321", "050 111 2222"


@pytest.fixture
def two(app: Flask) -> tuple[int, int]:
    """Anna by mail and A. Aho by phone, who are one: two leads each, a task, and suggestions with a third person."""
    first = ask("Anna Aho", "anna@example.com")
    ask("Anna Aho", "anna@example.com", message="Another")
    second = ask("A. Aho", phone=PHONE)
    ask("Matti Aho", phone=PHONE)
    with transaction():
        leads.add_task(second, "Ring back", clock.now() + timedelta(hours=1))
        service.add_pairs([(first.person_id, second.person_id, ["name"])])
    return first.person_id, second.person_id


def later() -> time_machine.travel:
    """An hour from now."""
    return time_machine.travel(clock.now() + timedelta(hours=1), tick=True)


def test_a_merge_moves_the_leads_and_fills_what_was_empty(two: tuple[int, int]) -> None:
    anna, other = two
    done = merged(anna, other)
    survivor, loser = people()[:2]
    assert {lead.person_id for lead in session.scalars(select(Lead).where(Lead.name != "Matti Aho"))} == {anna}
    assert (survivor.name, survivor.email, survivor.phone) == ("Anna Aho", "anna@example.com", PHONE)
    assert (survivor.phone_key, loser.merged_into, loser.phone) == ("+358407654321", anna, PHONE)
    assert done.taken == ["phone", "phone_key"] and len(done.moved["leads"]) == 1
    assert "a. aho" in survivor.search_text, "the inbox finds them by either name"
    assert queries.root_id(loser) == anna and [row.id for row in queries.list_merged_into(anna)] == [other]


def test_what_the_survivor_has_stays(app: Flask) -> None:
    anna, other = ask("Anna Aho", "anna@example.com", PHONE), ask("Anna Aho-Berg", "other@example.com", OTHER)
    done = merged(anna.person_id, other.person_id)
    row = people()[0]
    assert (row.email, row.phone, done.taken) == ("anna@example.com", PHONE, [])


def test_undo_restores_every_row_exactly(two: tuple[int, int]) -> None:
    before = rows()
    with later():
        done = merged(*two)
        assert rows() != before
        undone(done.id)
    assert rows() == before


def test_undo_restores_every_row_after_merges_into_each_other(two: tuple[int, int]) -> None:
    third = ask("Anna Maria Aho", "am@example.com").person_id
    before = rows()
    first, second = merged(two[0], two[1]), merged(third, two[0])
    assert {lead.person_id for lead in session.scalars(select(Lead).where(Lead.name != "Matti Aho"))} == {third}
    with pytest.raises(Conflict, match="later merge"):
        undone(first.id)
    undone(second.id)
    undone(first.id)
    assert rows() == before


def test_undo_of_two_merges_into_one_goes_backwards(two: tuple[int, int]) -> None:
    third = ask("Anna Maria Aho", "am@example.com").person_id
    before = rows()
    first, second = merged(two[0], two[1]), merged(two[0], third)
    with pytest.raises(Conflict, match="later merge"):
        undone(first.id)
    undone(second.id)
    undone(first.id)
    assert rows() == before


def test_a_merge_is_undone_once(two: tuple[int, int]) -> None:
    done = merged(*two)
    undone(done.id)
    with pytest.raises(Conflict, match="already"):
        undone(done.id)


def test_undo_is_refused_with_a_sentence_when_one_was_erased(two: tuple[int, int]) -> None:
    done = merged(*two)
    with transaction():
        session.execute(delete(PersonPair))
        session.execute(delete(Person).where(Person.id == two[1]))
    with pytest.raises(Conflict, match="erased"):
        undone(done.id)


def test_a_lead_that_came_in_between_goes_where_its_contact_points(two: tuple[int, int]) -> None:
    done = merged(*two)
    hers = ask("Anna Aho", "anna@example.com", message="Later, by mail")
    theirs = ask("A. Aho", phone=PHONE, message="Later, by phone")
    assert hers.person_id == theirs.person_id == two[0]
    undone(done.id)
    assert [session.get_one(Lead, each.id, populate_existing=True).person_id for each in (hers, theirs)] == list(two)


def test_work_done_in_between_is_kept(two: tuple[int, int]) -> None:
    done = merged(*two)
    lead_id = done.moved["leads"][0]
    with transaction():
        leads.add_note(session.get_one(Lead, lead_id), "Rang, wants blue.")
    undone(done.id)
    notes = select(Activity).where(Activity.lead_id == lead_id, Activity.kind == ActivityKind.NOTE)
    assert session.scalars(notes).one().text == "Rang, wants blue."


def test_an_address_given_in_between_is_kept(two: tuple[int, int]) -> None:
    done = merged(two[1], two[0])
    assert people()[1].email == "anna@example.com"
    with transaction():
        people()[1].email = "new@example.com"
    undone(done.id)
    assert people()[1].email == "new@example.com" and people()[0].email == "anna@example.com"


def test_who_looked_like_the_one_looks_like_the_other_now(two: tuple[int, int]) -> None:
    matti = people()[2].id
    merged(*two)
    shown, _next = queries.list_pairs(PairState.OPEN)
    assert [(pair.one.id, pair.other.id) for pair in shown] == [(two[0], matti)]


def test_who_was_said_not_to_be_them_stays_apart(two: tuple[int, int]) -> None:
    with transaction():
        service.decide(queries.lock_pair(pairs()[0].id), PairState.DISMISSED)
    merged(*two)
    assert queries.list_pairs(PairState.OPEN) == ([], None)
    assert ask("Matti Aho", phone=PHONE, message="More").person_id == people()[2].id
    assert queries.list_pairs(PairState.OPEN) == ([], None)


def test_a_merge_is_told_in_history_and_audit_with_numbers_only(two: tuple[int, int], boris: User) -> None:
    done = merged(*two)
    undone(done.id)
    lines = session.scalars(select(Activity).where(Activity.kind == ActivityKind.MERGE).order_by(Activity.id)).all()
    assert [(line.lead_id, line.facts["undone"]) for line in lines] == [
        (done.moved["leads"][0], False), (done.moved["leads"][0], True)
    ]  # fmt: skip
    told = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("people.")).order_by(AuditEntry.id))
    entries = list(told)
    assert [each.action for each in entries] == ["people.merged", "people.merge_undone"]
    assert entries[0].details == {"merge": done.id, "before": two[1], "after": two[0], "undone": False}
    written = json.dumps(rows("person_merges", "person_pairs"), default=str) + str([each.details for each in entries])
    assert not any(word in written for word in ("Anna", "Aho", "anna@", "407654321"))


def test_what_was_sealed_for_either_stays_readable(two: tuple[int, int]) -> None:
    merged(*two)
    sealed = session.scalars(select(AuditEntry).where(AuditEntry.sealed.is_not(None)).order_by(AuditEntry.id)).all()
    opened = [
        sealing.unseal(queries.get(entry.person_id).seal_key, entry.sealed)
        for entry in sealed
        if entry.person_id and entry.sealed
    ]
    assert [json.loads(words or "{}")["name"] for words in opened] == ["Anna Aho", "Anna Aho", "A. Aho", "Matti Aho"]


@pytest.mark.parametrize("which", [(0, 0), (0, 1), (1, 2)])
def test_nobody_is_merged_twice_or_with_themselves(two: tuple[int, int], which: tuple[int, int]) -> None:
    ids = (*two, people()[2].id)
    merged(two[0], two[1])
    before = rows()
    with pytest.raises(Conflict):
        merged(ids[which[0]], ids[which[1]])
    assert rows() == before


def test_nobody_is_merged_with_somebody_who_is_not_there(two: tuple[int, int]) -> None:
    with pytest.raises(NotFound):
        merged(two[0], 999_999)
    with pytest.raises(NotFound):
        undone(999_999)


def test_every_table_that_names_a_person_moves(app: Flask) -> None:
    moving = {(model.__tablename__, column.key) for model, column in merging._referring()}
    keys = [key for table in Model.metadata.tables.values() for key in table.foreign_key_constraints]
    naming = {
        (key.table.name, column)
        for key in keys
        if key.referred_table.name == "people" and key.table.name != "person_pairs"
        for column in key.column_keys
        if column != "dealership_id"
    }
    assert ("leads", "person_id") in moving and moving == naming
