"""Many at once: one merge wins, and whoever asks meanwhile is with whoever they have become."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.leads import service as leads
from kroi.leads.models import Lead, Person
from kroi.leads.people import merging
from kroi.leads.people.models import PersonMerge
from kroi.leads.rules import InquiryDraft
from tests.leads.people.crowd import ask, merged, people, rows
from tests.leads.test_parallel import at_once

pytestmark = pytest.mark.slow


def merging_of(here: int, survivor: int, loser: int) -> Callable[[], object]:
    """A job: merge these two."""

    def job() -> object:
        with acting_for(here), transaction():
            return merging.merge(survivor, loser).id

    return job


def asking(here: int, name: str, email: str, number: int) -> Callable[[], object]:
    """A job: this person asks something."""

    def job() -> object:
        with acting_for(here), transaction():
            return leads.add_walk_in(InquiryDraft(name=name, email=email, message=f"No {number}")).id

    return job


def test_fifty_merges_of_one_pair_have_one_winner(app: Flask) -> None:
    one, other = ask("Anna Aho", "a@example.com").person_id, ask("Anna Aho", "b@example.com").person_id
    here = current_dealership_id()
    answers = at_once(app, [merging_of(here, *((one, other) if n % 2 else (other, one))) for n in range(50)])
    assert len([each for each in answers if isinstance(each, int)]) == 1
    assert len([each for each in answers if isinstance(each, Conflict)]) == 49
    assert session.scalar(select(func.count()).select_from(PersonMerge)) == 1
    (survivor,) = (row for row in people() if row.merged_into is None)
    assert {lead.person_id for lead in session.scalars(select(Lead))} == {survivor.id}


def test_fifty_undos_of_one_merge_have_one_winner(app: Flask) -> None:
    one, other = ask("Anna Aho", "a@example.com").person_id, ask("Anna Aho", "b@example.com").person_id
    before, done, here = rows(), merged(one, other).id, current_dealership_id()

    def undo() -> object:
        with acting_for(here), transaction():
            return merging.undo(done).id

    answers = at_once(app, [undo] * 50)
    assert len([each for each in answers if isinstance(each, int)]) == 1
    assert rows() == before


def test_who_asks_while_they_are_merged_is_never_left_behind(app: Flask) -> None:
    one, other = ask("Anna Aho", "a@example.com").person_id, ask("Anna Aho", "b@example.com").person_id
    here = current_dealership_id()
    jobs = [asking(here, "Anna Aho", f"{'ab'[n % 2]}@example.com", n) for n in range(20)]
    jobs.insert(10, merging_of(here, one, other))
    answers = at_once(app, jobs, hands=21)
    assert all(isinstance(each, int) for each in answers), answers
    assert {lead.person_id for lead in session.scalars(select(Lead))} == {one}


def test_two_at_once_from_one_new_person_are_one_person(app: Flask) -> None:
    here = current_dealership_id()
    at_once(app, [asking(here, "Anna Aho", "a@example.com", n) for n in range(20)], hands=20)
    assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert session.scalar(select(func.count()).select_from(Lead)) == 20
