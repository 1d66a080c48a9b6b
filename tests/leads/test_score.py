"""Rule set 1: what each piece of evidence adds, and reasons that always add up."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.leads.rules import Interest, Priority
from kroi.leads.scoring import words as forms
from kroi.leads.scoring.rules import RULE_SET_1, Evidence, RuleSet, has_link, is_throwaway, judge

QUESTION = Evidence(Interest.QUESTION)
evidence = st.builds(Evidence, st.sampled_from(Interest), *[st.booleans()] * (len(fields(Evidence)) - 1))
some_points = st.fixed_dictionaries({code: st.integers(-300, 300) for code in RULE_SET_1.points})


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 20),
        ({"about_car": True}, 35),
        ({"interest": Interest.TEST_DRIVE}, 40),
        ({"interest": Interest.CALL_BACK}, 35),
        ({"interest": Interest.TRADE_IN}, 30),
        ({"interest": Interest.FINANCE}, 30),
        ({"interest": Interest.NOTIFY}, 20),
        ({"phone_can_exist": True}, 35),
        ({"long_message": True}, 25),
        ({"asked_before": True}, 30),
        ({"new_on_sale": True}, 25),
        ({"throwaway": True}, 5),
        ({"link": True}, 0),
        ({"fast": True}, 0),
    ],
)
def test_each_piece_of_evidence_is_worth_what_the_rules_say(change: dict[str, object], points: int) -> None:
    assert judge(replace(QUESTION, **change), RULE_SET_1).value == points  # type: ignore[arg-type]


def test_a_bound_is_a_reason_of_its_own() -> None:
    judged = judge(replace(QUESTION, fast=True), RULE_SET_1)
    assert [(each.code, each.points) for each in judged.reasons] == [("start", 20), ("fast", -30), ("bound", 10)]


@given(evidence, some_points, st.integers(-50, 150))
def test_reasons_always_add_up_and_stay_within_bounds(known: Evidence, points: dict[str, int], start: int) -> None:
    judged = judge(known, replace(RULE_SET_1, points=points, start=start))
    assert sum(each.points for each in judged.reasons) == judged.value
    assert 0 <= judged.value <= 100


@given(evidence)
def test_priority_follows_the_score_and_a_drive_or_a_call_is_at_least_high(known: Evidence) -> None:
    judged = judge(known, RULE_SET_1)
    value = judged.value
    earned = "urgent" if value >= 75 else "high" if value >= 55 else "normal" if value >= 35 else "low"
    if known.interest in (Interest.TEST_DRIVE, Interest.CALL_BACK) and earned in ("normal", "low"):
        earned = "high"
    assert judged.priority is Priority(earned)


@given(evidence)
def test_every_reason_has_words(known: Evidence) -> None:
    assert all(each.code in forms.WORDS for each in judge(known, RULE_SET_1).reasons)


def test_rules_are_data() -> None:
    assert RuleSet.from_data(1, RULE_SET_1.data()) == RULE_SET_1


@pytest.mark.parametrize(
    "message",
    [
        "see https://x.example",
        "HTTP://X.EXAMPLE/a",
        "www.cheap.example",
        "cheap.ru/win",
        "<a href=x>",
        "go to cars.com now",
    ],
)
def test_a_link_is_seen(message: str) -> None:
    assert has_link(message)


@pytest.mark.parametrize(
    "message", ["", "Is it 2.0 TDI or 3.0?", "write to anna@example.com", "5.500 € i.e. less", "Hello.How are you"]
)
def test_plain_words_are_no_link(message: str) -> None:
    assert not has_link(message)


@pytest.mark.parametrize(
    ("email", "expected"),
    [("a@mailinator.com", True), ("a@x.Mailinator.com", True), ("a@gmail.com", False), (None, False), ("a@com", False)],
)
def test_throwaway_addresses_are_known(email: str | None, expected: bool) -> None:
    assert is_throwaway(email) is expected
