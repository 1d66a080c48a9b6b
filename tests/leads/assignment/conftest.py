"""A Monday at noon, two people in the round, and what managers are told."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from kroi.accounts.models import User
from kroi.core import events
from kroi.leads.events import LeadStranded
from tests.leads.assignment.rounds import MONDAY, join, start_round
from tests.support.makers import make_user


@pytest.fixture
def noon(app: Flask) -> Iterator[time_machine.Traveller]:
    """It is noon on a Monday, and time stands still until a test moves it."""
    with time_machine.travel(MONDAY, tick=False) as moment:
        yield moment


@pytest.fixture
def two(ana: User) -> tuple[User, User]:
    """The round is on, and two people are in it."""
    bea = make_user("Bea Boman")
    start_round()
    join(ana), join(bea)
    return ana, bea


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[LeadStranded]:
    """What managers are told of."""
    heard: list[LeadStranded] = []
    monkeypatch.setitem(events._listeners, LeadStranded, [heard.append])
    return heard
