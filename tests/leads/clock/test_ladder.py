"""What happens while nobody answers: a warning, back to the pool, then a manager hears of it; each once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.core import events
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads import service
from kroi.leads.clock import service as response_clock
from kroi.leads.clock.rules import Step
from kroi.leads.clock.subscribers import climb
from kroi.leads.events import AnswerOverdue, AnswerRunsOut, LeadReturned
from kroi.leads.models import Activity, ActivityKind, Lead
from tests.leads.clock.asked import MONDAY_NOON, ask, change
from tests.support.crowd import at_once


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The events of the ladder, as they are published."""
    found: list[object] = []
    for kind in (AnswerRunsOut, LeadReturned, AnswerOverdue):
        listeners = events._listeners[kind]
        monkeypatch.setitem(events._listeners, kind, [*listeners, found.append])
    return found


@pytest.fixture(autouse=True)
def monday_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_NOON, tick=False) as traveller:
        yield traveller


def after(minutes: int, traveller: time_machine.Traveller) -> None:
    """So many minutes after noon the worker comes round."""
    traveller.move_to(MONDAY_NOON + timedelta(minutes=minutes))
    climb()
    session.expire_all()


def steps(lead: Lead) -> list[str]:
    """What history says of the clock."""
    query = select(Activity).where(Activity.lead_id == lead.id, Activity.kind == ActivityKind.CLOCK)
    return [line.facts["step"] for line in session.scalars(query.order_by(Activity.id))]


def test_nothing_happens_in_the_first_two_thirds(
    app: Flask, monday_noon: time_machine.Traveller, heard: list[object]
) -> None:
    lead = ask()
    after(19, monday_noon)
    assert (steps(lead), heard) == ([], [])


def test_it_warns_then_gives_back_then_tells(
    ana: User, monday_noon: time_machine.Traveller, heard: list[object]
) -> None:
    lead = ask()
    change(lead.id, lambda lead: service.assign(lead, ana))
    after(20, monday_noon)
    assert (steps(lead), heard, lead.assignee_id) == (["warn"], [AnswerRunsOut(lead.id)], ana.id)
    after(45, monday_noon)
    assert steps(lead) == ["warn", "return"]
    assert heard[1:] == [LeadReturned(lead.id, "silent")]
    assert lead.assignee_id is None
    after(60, monday_noon)
    assert steps(lead) == ["warn", "return", "tell"]
    assert heard[2:] == [AnswerOverdue(lead.id)]
    assert (lead.clock_step, lead.clock_next_at) == (Step.TELL, None)
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == lead.id)).all()
    assert actions.count("lead.unanswered") == 3


def test_each_step_is_taken_once_however_often_the_worker_comes(
    app: Flask, monday_noon: time_machine.Traveller, heard: list[object]
) -> None:
    lead = ask()
    for minutes in (20, 20, 21, 46, 46, 300, 301):
        after(minutes, monday_noon)
    assert steps(lead) == ["warn", "return", "tell"]
    assert len(heard) == 3


def test_two_workers_take_a_step_once(app: Flask, monday_noon: time_machine.Traveller, heard: list[object]) -> None:
    leads = [ask() for _ in range(3)]
    monday_noon.shift(timedelta(minutes=20))
    assert at_once(app, [climb] * 4) == [None] * 4
    assert [steps(lead) for lead in leads] == [["warn"]] * 3
    assert len(heard) == 3


def test_a_worker_that_slept_takes_every_step_in_order(
    app: Flask, monday_noon: time_machine.Traveller, heard: list[object]
) -> None:
    lead = ask()
    after(300, monday_noon)
    assert steps(lead) == ["warn", "return", "tell"]
    assert [type(each) for each in heard] == [AnswerRunsOut, LeadReturned, AnswerOverdue]


def test_an_answer_ends_it(app: Flask, monday_noon: time_machine.Traveller, heard: list[object]) -> None:
    lead = ask()
    after(20, monday_noon)
    change(lead.id, response_clock.answered)
    after(300, monday_noon)
    assert steps(lead) == ["warn"]
    assert len(heard) == 1


def test_nobody_is_woken_at_night(app: Flask, monday_noon: time_machine.Traveller, heard: list[object]) -> None:
    monday_noon.move_to(MONDAY_NOON + timedelta(hours=5, minutes=50))  # ten minutes before the house closes
    lead = ask()
    after(20 * 60, monday_noon)  # eight in the morning
    assert heard == []
    after(22 * 60 + 10, monday_noon)  # ten past ten: ten minutes yesterday, ten today
    assert steps(lead) == ["warn"]


def test_the_targets_are_the_dealerships(
    here: Dealership, monday_noon: time_machine.Traveller, heard: list[object]
) -> None:
    with transaction():
        dealerships.change_profile(here.id, response_targets={"answer": 9, "give_back": 10, "tell": 11})
    lead = ask()
    after(6, monday_noon)
    assert steps(lead) == ["warn"]
    after(11, monday_noon)
    assert steps(lead) == ["warn", "return", "tell"]


def test_what_was_done_stands_in_the_lead_s_history_only_as_codes(
    app: Flask, monday_noon: time_machine.Traveller
) -> None:
    lead = ask()
    after(20, monday_noon)
    line = session.scalars(select(Activity).where(Activity.kind == ActivityKind.CLOCK)).one()
    assert (line.lead_id, line.facts, line.text, line.by_id) == (lead.id, {"step": "warn"}, None, None)
