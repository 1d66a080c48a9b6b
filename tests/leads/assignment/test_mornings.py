"""A morning without a heap: nobody gets more unanswered leads at once than they may, and none is forgotten."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from kroi.accounts.models import User
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads import queries as leads
from kroi.leads import service as working
from kroi.leads.assignment import queries, words
from kroi.leads.assignment.models import Round, RoundDay
from kroi.leads.assignment.rules.reasons import FOUND, Code, Passed
from kroi.leads.assignment.rules.shifts import Presence, presence
from kroi.leads.events import LeadStranded
from kroi.leads.models import Lead
from kroi.leads.rules import CallOutcome
from tests.leads.assignment.dealership import HOUSE, Book, Simulation, arrivals, team
from tests.leads.assignment.rounds import hands, inquire, later

pytestmark = pytest.mark.slow

LEADS, MOST = 10_000, 3
NIGHT = datetime(2026, 11, 24, 1, tzinfo=UTC)  # Tuesday, three in the morning in Helsinki
MORNING = datetime(2026, 11, 24, 7, 0, 30, tzinfo=UTC)  # half a minute after opening


@pytest.fixture(scope="module")
def book() -> Book:
    """Twenty weeks with a limit."""
    sellers = [replace(each, most_unanswered=MOST) for each in team()]
    return Simulation(sellers).run(arrivals(random.Random(1), LEADS, 20))


def test_nobody_ever_has_more_unanswered_at_once(book: Book) -> None:
    for _moment, _language, members, choice in book.choices:
        got = next((each for each in members if each.user_id == choice.user_id), None)
        assert got is None or got.unanswered < MOST


def test_every_lead_reaches_somebody_all_the_same(book: Book) -> None:
    assert len(book.hands) == LEADS and book.waiting == 0
    assert sum(bool(held) for held in book.hands.values()) == LEADS


def test_every_choice_still_explains_itself(book: Book) -> None:
    busy = 0
    for moment, _language, members, choice in book.choices:
        assert (choice.code in FOUND) == (choice.user_id is not None)
        told = dict(choice.passed)
        assert told.keys() == {each.user_id for each in members} - {choice.user_id}
        for each in members:
            passed = told.get(each.user_id)
            assert (passed is not Passed.UNANSWERED) or (each.is_busy and not each.is_full)
            assert passed is not Passed.LATER or choice.user_id is None or not each.is_busy
        if choice.code is Code.ALL_BUSY:
            busy += 1
            assert presence(HOUSE, (), moment) is Presence.ON
            assert all(each.is_busy for each in members if each.presence is Presence.ON and not each.is_full)
    assert busy > 100, "mornings did come to the limit"


def test_equals_still_have_as_many_turns(book: Book) -> None:
    turns = [book.turns[each] for each in (1, 2, 3, 4)]
    assert max(turns) - min(turns) <= 30, turns


def overnight(count: int) -> list[Lead]:
    with time_machine.travel(NIGHT, tick=False):
        return [inquire() for _ in range(count)]


def limit(most: int | None) -> None:
    with transaction():
        session.query(Round).one().most_unanswered = most


def held() -> dict[str, int]:
    """Unanswered leads by whose they are."""
    session.expire_all()
    found: dict[str, int] = {}
    for lead in session.query(Lead):
        name = next((each.user.name for each in queries.list_standings() if each.user.id == lead.assignee_id), "pool")
        found[name] = found.get(name, 0) + (lead.first_answer_at is None)
    return found


@pytest.mark.usefixtures("two")
def test_a_night_of_leads_is_handed_out_up_to_the_limit_and_the_rest_as_answers_are_given(
    told: list[LeadStranded],
) -> None:
    limit(2)
    overnight(7)
    assert held() == {"pool": 7}
    with time_machine.travel(MORNING, tick=False):
        later(0)
        assert held() == {"Ana Aalto": 2, "Bea Boman": 2, "pool": 3}
        later(0)
        assert held() == {"Ana Aalto": 2, "Bea Boman": 2, "pool": 3}, "and stays so"
        mine = session.query(Lead).filter(Lead.assignee_id.is_not(None)).first()
        assert mine is not None
        with transaction():
            working.log_call(leads.lock(mine.id), CallOutcome.REACHED)
        later(0)
        assert held() == {"Ana Aalto": 2, "Bea Boman": 2, "pool": 2}
    assert told == [], "it goes on by itself: nobody has to do anything about it"


@pytest.mark.usefixtures("two")
def test_without_a_limit_all_are_handed_out_at_once() -> None:
    limit(None)
    overnight(7)
    with time_machine.travel(MORNING, tick=False):
        later(0)
    assert sorted(held().values()) == [3, 4]


@pytest.mark.usefixtures("noon")
def test_history_says_that_it_waits_for_answers_and_why_others_were_passed_over(two: tuple[User, User]) -> None:
    ana, bea = two
    limit(1)
    inquire(), inquire()
    waits = inquire()
    assert waits.assignee_id is None
    [line] = hands(waits.id)
    names = {ana.id: "Ana", bea.id: "Bea"}
    assert words.said(line.facts, names) == "keeps it until somebody on shift has answered the leads they have"
    limit(2)
    later(1)
    session.expire_all()
    assert leads.get(waits.id).assignee_id is not None
    assert words.why_not({"passed": [[ana.id, "unanswered"]]}, names) == "Ana (has others to answer first)"


@pytest.mark.usefixtures("noon")
def test_the_fairness_page_counts_who_was_passed_over_for_it(two: tuple[User, User]) -> None:
    limit(1)
    first = inquire()
    inquire()
    with transaction():
        working.log_call(leads.lock(first.id), CallOutcome.REACHED)
    third = inquire()
    session.expire_all()
    assert third.assignee_id == first.assignee_id
    [passed] = [each for each in session.query(RoundDay) if each.user_id != third.assignee_id]
    assert passed.unanswered == 1


@pytest.mark.usefixtures("noon")
def test_who_knows_the_person_gets_it_only_within_the_limit(two: tuple[User, User]) -> None:
    limit(1)
    first = inquire("Paula Palo", email="paula@x.test")
    again = inquire("Paula Palo", email="paula@x.test")
    assert first.person_id == again.person_id and again.assignee_id not in (None, first.assignee_id)
