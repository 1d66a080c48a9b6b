"""Many at once: one claim wins, with one legal history; nobody goes over the cap; a chore done twice is done once."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.leads import queries, service
from kroi.leads.assignment import queries as rounds
from kroi.leads.assignment import service as assignment
from kroi.leads.assignment.models import HandOver, RoundMember
from kroi.leads.assignment.rules.reasons import How
from kroi.leads.models import Lead
from tests.leads.assignment.rounds import hands, inquire, join, start_round
from tests.leads.test_parallel import at_once
from tests.support.makers import make_lead, make_user

pytestmark = pytest.mark.slow

AROUND_THE_CLOCK = {str(day): [["00:00", "24:00"]] for day in range(7)}


def job(work: Callable[[], object]) -> Callable[[], object]:
    """The same in a transaction for dealership A, in a thread of its own."""
    here = current_dealership_id()

    def done() -> object:
        with acting_for(here):
            return work()

    return done


def test_fifty_claims_have_one_winner_and_one_legal_history(app: Flask) -> None:
    lead_id = make_lead("Wanted").id
    people = [make_user(f"Person {n}").id for n in range(50)]

    def claim(user_id: int) -> Callable[[], object]:
        def work() -> object:
            with audit.acting_as(user_id), transaction():
                service.claim(queries.lock(lead_id), session.get_one(User, user_id))
            return user_id

        return job(work)

    answers = at_once(app, [claim(each) for each in people])
    (winner,) = (each for each in answers if isinstance(each, int))
    assert sum(isinstance(each, Conflict) for each in answers) == 49
    (line,) = hands(lead_id)
    assert (line.by_id, line.facts) == (winner, {"before": None, "after": winner, "how": "claimed"})
    (hand_over,) = session.scalars(select(HandOver))
    assert (hand_over.how, hand_over.after_id, queries.get(lead_id).assignee_id) == (How.CLAIMED, winner, winner)


@pytest.fixture
def always(app: Flask) -> list[User]:
    """The round is on, and three people are in it at any hour, with five leads each at most."""
    start_round()
    people = [make_user(f"Person {n}") for n in range(3)]
    for each in people:
        join(each, cap=5, own_hours=True, hours=AROUND_THE_CLOCK)
    return people


def test_leads_that_come_together_are_shared_and_fill_nobody_over_the_cap(app: Flask, always: list[User]) -> None:
    waiting = [make_lead(f"Shopper {n}").id for n in range(20)]

    def offer(lead_id: int) -> Callable[[], object]:
        def work() -> object:
            with transaction():
                return assignment.offer(queries.lock(lead_id))

        return job(work)

    answers = Counter(at_once(app, [offer(each) for each in waiting], hands=20))
    expected: dict[int | None, int] = {each.id: 5 for each in always}
    assert answers == expected | {None: 5}
    assert abs(sum(session.scalars(select(RoundMember.owed)))) == 0, "what one gained another paid"


def test_two_workers_take_a_lead_back_once(app: Flask, always: list[User]) -> None:
    lead_ids = [inquire().id for _ in range(6)]
    with transaction():
        for lead_id in lead_ids:
            state = rounds.find_state(lead_id)
            assert state is not None
            state.given_at, state.due_at = clock.now(), clock.now() - timedelta(seconds=1)
    at_once(app, [job(lambda: assignment.keep_going())] * 8, hands=8)
    for lead_id in lead_ids:
        assert [line.facts["how"] for line in hands(lead_id)] == ["round", "taken_back", "round"]
    assert Counter(session.scalars(select(Lead.assignee_id))) == {each.id: 2 for each in always}
