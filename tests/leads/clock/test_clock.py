"""The response clock of a lead: it starts with the question and stops with the first answer of a person."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from kroi.accounts.models import User
from kroi.catalogue.places import service as places
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.dealerships.locations import service as locations
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules.places import Place
from kroi.leads import queries, service
from kroi.leads.clock import service as response_clock
from kroi.leads.clock.rules import Step
from kroi.leads.models import Lead
from kroi.leads.rules import CallOutcome, LeadStatus, Source
from tests.leads.clock.asked import MONDAY_NOON, ask, change
from tests.support.makers import make_car, make_lead

FRIDAY_LATE = datetime(2026, 11, 20, 15, 50, tzinfo=UTC)  # ten minutes before the house closes in Helsinki


@pytest.fixture(autouse=True)
def monday_noon(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_NOON, tick=False) as traveller:
        yield traveller


def test_a_question_is_due_in_opening_time(here: Dealership) -> None:
    assert ask().answer_due_at == MONDAY_NOON + timedelta(minutes=30)
    with time_machine.travel(FRIDAY_LATE, tick=False):
        lead = ask()
    assert lead.answer_due_at == datetime(2026, 11, 23, 8, 20, tzinfo=UTC)
    assert lead.answered_seconds is None


def test_a_holiday_does_not_count(here: Dealership) -> None:
    with transaction():
        dealerships.change_profile(here.id, special_days={"2026-11-23": [], "2026-11-24": [["14:00", "16:00"]]})
    with time_machine.travel(FRIDAY_LATE, tick=False):
        assert ask().answer_due_at == datetime(2026, 11, 24, 12, 20, tzinfo=UTC)


def test_a_house_that_tells_no_hours_has_office_hours(here: Dealership) -> None:
    with transaction():
        dealerships.change_profile(here.id, opening_hours={})
    with time_machine.travel(FRIDAY_LATE, tick=False):
        assert ask().answer_due_at == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "act",
    [
        lambda lead: service.log_call(lead, CallOutcome.REACHED),
        lambda lead: service.log_call(lead, CallOutcome.LEFT_MESSAGE),
        lambda lead: service.change_status(lead, LeadStatus.CONTACTED),
        response_clock.answered,
    ],
    ids=["a call that reached them", "a call that left word", "a move that means answered", "the public function"],
)
def test_a_person_who_answers_stops_it(act: Callable[[Lead], object], monday_noon: time_machine.Traveller) -> None:
    lead = ask()
    monday_noon.shift(timedelta(minutes=9))
    change(lead.id, act)
    assert (lead.first_answer_at, lead.answered_seconds) == (MONDAY_NOON + timedelta(minutes=9), 9 * 60)
    assert lead.clock_next_at is None


@pytest.mark.parametrize(
    "act",
    [
        lambda lead: service.log_call(lead, CallOutcome.NO_ANSWER),
        lambda lead: service.add_note(lead, "Looks keen"),
        lambda lead: service.add_task(lead, "Call them", MONDAY_NOON + timedelta(days=1)),
        lambda lead: queries.get(lead.id),
        lambda lead: service.change_status(lead, LeadStatus.LOST, reason="other"),
        lambda lead: service.change_status(lead, LeadStatus.SPAM),
    ],
    ids=["a call nobody took", "a note", "a task", "a look", "giving up", "calling it spam"],
)
def test_nothing_else_stops_it(act: Callable[[Lead], object]) -> None:
    lead = ask()
    change(lead.id, act)
    assert lead.first_answer_at is None
    assert lead.answered_seconds is None


def test_giving_a_lead_to_somebody_stops_nothing(ana: User) -> None:
    lead = ask()
    change(lead.id, lambda lead: service.assign(lead, ana))
    assert (lead.first_answer_at, lead.answered_seconds) == (None, None)
    assert lead.clock_next_at is not None


def test_only_the_first_answer_counts(monday_noon: time_machine.Traveller) -> None:
    lead = ask()
    monday_noon.shift(timedelta(minutes=5))
    change(lead.id, response_clock.answered)
    monday_noon.shift(timedelta(minutes=5))
    change(lead.id, response_clock.answered)
    assert lead.answered_seconds == 5 * 60


def test_an_answer_while_we_are_closed_took_no_time(monday_noon: time_machine.Traveller) -> None:
    monday_noon.move_to(datetime(2026, 11, 21, 9, tzinfo=UTC))
    lead = ask()
    monday_noon.shift(timedelta(hours=2))
    change(lead.id, response_clock.answered)
    assert lead.answered_seconds == 0


@pytest.mark.parametrize("source", [Source.WALK_IN, Source.PHONE])
def test_who_stands_before_us_waits_for_no_answer(source: Source) -> None:
    lead = make_lead()
    change(lead.id, lambda lead: setattr(lead, "source", source))
    change(lead.id, response_clock.follow)
    assert (lead.answer_due_at, lead.clock_next_at) == (None, None)


def test_spam_has_no_clock_until_somebody_says_it_is_none(monday_noon: time_machine.Traveller) -> None:
    lead = ask(trap="http://spam.example")
    assert (lead.status, lead.answer_due_at, lead.clock_next_at) == (LeadStatus.SPAM, None, None)
    monday_noon.shift(timedelta(hours=1))
    change(lead.id, lambda lead: service.change_status(lead, LeadStatus.NEW))
    assert lead.answer_due_at == MONDAY_NOON + timedelta(minutes=30)  # they have waited all the time


def test_new_hours_set_running_clocks_anew(here: Dealership, monday_noon: time_machine.Traveller) -> None:
    done, waiting = ask(), ask()
    monday_noon.shift(timedelta(minutes=9))
    change(done.id, response_clock.answered)
    with transaction():
        dealerships.change_profile(here.id, opening_hours={"1": [["08:00", "12:00"]]}, response_targets={"answer": 60})
    response_clock.follow_hours()
    session.expire_all()
    assert waiting.answer_due_at == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert done.answered_seconds == 9 * 60


def test_a_question_about_a_car_elsewhere_keeps_the_hours_there(here: Dealership) -> None:
    there, main = make_car(), make_car()
    with transaction():
        harbour = locations.add(here, Place(name="Harbour", hours={"0": [["15:00", "17:00"]]}))
        places.stand([there.id], harbour.id)
    assert ask(car=there).answer_due_at == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    assert ask(car=main).answer_due_at == MONDAY_NOON + timedelta(minutes=30)


def test_leads_written_by_who_knew_of_no_clock_get_one(monday_noon: time_machine.Traveller) -> None:
    waiting, answered = ask(), ask()
    with transaction():
        for lead in (waiting, answered):
            lead.answer_due_at = lead.clock_next_at = None
        answered.first_answer_at = MONDAY_NOON + timedelta(minutes=7)
    response_clock.mend()
    session.expire_all()
    assert waiting.answer_due_at == MONDAY_NOON + timedelta(minutes=30)
    assert (answered.answered_seconds, answered.clock_step) == (7 * 60, Step.NONE)
