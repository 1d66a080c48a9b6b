"""What the clock says: how much is left, how late it is, what the answer took, when it starts."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from kroi.dealerships import words as said_to_shoppers
from kroi.dealerships.rules.hours import calendar
from kroi.leads.clock import rules, words
from kroi.leads.clock.rules import State, Targets
from kroi.web.place import Place, speaking
from tests.leads.clock.asked import MONDAY_NOON

HOUSE = calendar("Europe/Helsinki", {str(day): [["10:00", "18:00"]] for day in range(5)})
SATURDAY = datetime(2026, 11, 21, 10, tzinfo=UTC)
TARGET = 30 * 60


def lead(received: datetime = MONDAY_NOON, answered: int | None = None) -> Any:
    due = rules.add_business(HOUSE, received, TARGET)
    return SimpleNamespace(
        received_at=received,
        answer_due_at=due,
        first_answer_at=None if answered is None else due,
        answered_seconds=answered,
    )


def said(lead: Any, now: datetime, language: str = "en") -> tuple[State, str]:
    with time_machine.travel(now, tick=False), speaking(Place(language, language, "EUR", "Europe/Helsinki")):
        shown = words.shown(lead, HOUSE, TARGET, now)
    assert shown is not None
    return shown.state, shown.words.replace("\xa0", " ").replace("\u202f", " ")


def at(minute: int, second: int = 0) -> datetime:
    return MONDAY_NOON.replace(hour=10 + minute // 60, minute=minute % 60, second=second)


@pytest.mark.parametrize(
    ("now", "state", "text"),
    [
        (at(0), State.RUNS, "30 min left"),
        (at(16), State.RUNS, "14 min left"),
        (at(19, 59), State.RUNS, "11 min left"),
        (at(20), State.SHORT, "10 min left"),
        (at(24), State.SHORT, "6 min left"),
        (at(29, 59), State.SHORT, "1 min left"),
        (at(42), State.LATE, "12 min late"),
        (at(90), State.LATE, "1 h late"),
        (at(115), State.LATE, "1 h 25 min late"),
    ],
)
def test_it_counts_down_and_then_up(now: datetime, state: State, text: str) -> None:
    assert said(lead(), now) == (state, text)


def test_an_answer_says_how_long_it_took() -> None:
    assert said(lead(answered=9 * 60), at(300)) == (State.ANSWERED, "answered in 9 min")


def test_before_we_open_it_says_when_it_starts() -> None:
    assert said(lead(SATURDAY), SATURDAY) == (State.WAITS, "starts Mon 10:00")
    assert said(lead(SATURDAY), datetime(2026, 11, 23, 8, tzinfo=UTC)) == (State.RUNS, "30 min left")


def test_who_waits_for_nothing_has_no_clock() -> None:
    walked_in = SimpleNamespace(received_at=SATURDAY, answer_due_at=None, first_answer_at=None, answered_seconds=None)
    assert words.shown(walked_in, HOUSE, TARGET, SATURDAY) is None  # type: ignore[arg-type]


def test_the_share_of_the_track_grows_with_time() -> None:
    faces = [
        rules.face(HOUSE, MONDAY_NOON, at(minute), due=at(30), target=TARGET, answered=None)
        for minute in (0, 15, 30, 36, 90)
    ]
    assert [face.share for face in faces if face] == pytest.approx([0, 1 / 3, 2 / 3, 0.8, 1])


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0, "We usually answer in 1 minute"),
        (22 * 60 + 1, "We usually answer in 23 minutes"),
        (60 * 60, "We usually answer in 60 minutes"),
        (61 * 60, "We usually answer in 2 hours"),
        (4 * 3600, "We usually answer in 4 hours"),
        (4 * 3600 + 1, ""),
    ],
)
def test_the_promise_is_rounded_up_and_silent_when_it_would_be_none(seconds: int | None, text: str) -> None:
    with speaking(Place("en", "en", "EUR", "Europe/Helsinki")):
        assert said_to_shoppers.promise(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "usual"),
    [
        ([60] * 9, None),
        ([60] * 10, 60),
        ([*range(1, 11)], 5),
        ([*range(1, 12)], 6),
        ([60] * 10 + [None] * 10, 60),
        ([60] * 10 + [None] * 11, None),
        ([None] * 20, None),
    ],
)
def test_what_is_usual_counts_those_who_got_no_answer(seconds: list[int | None], usual: int | None) -> None:
    assert rules.usual(seconds) == usual


def test_targets_that_were_not_set_are_the_usual() -> None:
    assert rules.targets({}) == Targets(30, 45, 60)
    assert rules.targets({"answer": 15, "of another version": 1}) == Targets(15, 45, 60)
