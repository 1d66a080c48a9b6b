"""Ten thousand leads over twenty weeks, with shifts, holidays, languages, caps and people who let leads lie."""

import random

import pytest

from kroi.leads.assignment.rules.reasons import FOUND, Passed
from kroi.leads.assignment.rules.shifts import Presence, presence
from tests.leads.assignment.dealership import MOST_HANDS, Book, Simulation, arrivals, team

pytestmark = pytest.mark.slow

LEADS, WEEKS = 10_000, 20
EQUALS = (1, 2, 3, 4)
SPREAD = 30  # turns by which four equals may differ after some 2,000 each: 1.5 %


@pytest.fixture(scope="module")
def book() -> Book:
    """What happened."""
    coming = arrivals(random.Random(1), LEADS, WEEKS)
    return Simulation(team()).run(coming)


def test_every_lead_reached_somebody(book: Book) -> None:
    assert len(book.hands) == LEADS and book.waiting == 0
    assert sum(bool(hands) for hands in book.hands.values()) == LEADS


def test_equals_have_as_many_turns(book: Book) -> None:
    turns = [book.turns[each] for each in EQUALS]
    assert max(turns) - min(turns) <= SPREAD, turns


def test_nobody_is_filled_over_the_cap(book: Book) -> None:
    for _moment, _language, members, choice in book.choices:
        got = next((each for each in members if each.user_id == choice.user_id), None)
        assert got is None or got.open_leads < got.cap


def test_nobody_off_shift_or_away_gets_any(book: Book) -> None:
    sellers = {each.user_id: each for each in team()}
    for moment, _language, _members, choice in book.choices:
        if choice.user_id is not None:
            seller = sellers[choice.user_id]
            assert presence(seller.hours, seller.absences, moment) is Presence.ON


def test_whoever_gets_one_speaks_its_language_when_anybody_can(book: Book) -> None:
    silent = 0
    for _moment, language, members, choice in book.choices:
        could = [
            each
            for each in members
            if each.presence is Presence.ON and not each.is_full and not each.had and language in each.languages
        ]
        if choice.user_id is not None:
            assert choice.spoken or not could
            silent += not choice.spoken
    assert silent / LEADS < 0.06, "of 15 % Swedish leads most meet somebody who speaks it, with two who do"


def test_never_the_same_person_twice_in_a_row_and_never_without_end(book: Book) -> None:
    for hands in book.hands.values():
        assert len(hands) <= MOST_HANDS
        assert all(first != then for first, then in zip(hands, hands[1:], strict=False))
    assert 0 < sum(len(hands) > 1 for hands in book.hands.values()) < LEADS / 10


def test_every_choice_says_why_this_one_and_why_not_the_others(book: Book) -> None:
    for _moment, _language, members, choice in book.choices:
        assert (choice.code in FOUND) == (choice.user_id is not None)
        told = dict(choice.passed)
        assert told.keys() == {each.user_id for each in members} - {choice.user_id}
        for each in members:
            if told.get(each.user_id) is Passed.LATER and choice.user_id is not None:
                assert each.presence is Presence.ON and not each.is_full and not each.had


def test_who_works_fewer_hours_gets_fewer_but_is_not_left_out_for_the_language(book: Book) -> None:
    """They get most of one lead in seven for their Swedish, and still a part of the others."""
    usual = book.turns[1]
    for part_time in (5, 6):
        assert 0.3 * usual < book.turns[part_time] < 0.8 * usual, book.turns
        languages = [language for _at, language, _all, choice in book.choices if choice.user_id == part_time]
        assert languages.count("sv") < 0.9 * len(languages)


def test_the_same_weeks_end_the_same(book: Book) -> None:
    coming = arrivals(random.Random(1), 500, 2)
    one, other = Simulation(team()).run(coming), Simulation(team()).run(coming)
    assert (one.turns, one.hands) == (other.turns, other.hands)
