"""A learnt card: its points add up to the score, follow the log-odds, and stay within bounds."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.leads.rules import Interest, Priority
from kroi.leads.scoring import words
from kroi.leads.scoring.learnt import service as learnt
from kroi.leads.scoring.learnt.rules import encoding, fitting
from kroi.leads.scoring.learnt.rules.card import Card, judge
from kroi.leads.scoring.learnt.rules.encoding import MISSING, OTHER, Fact
from kroi.leads.scoring.rules import RULE_SET_1, Evidence, Facts, drafts, pinned
from kroi.leads.scoring.rules import judge as judge_by_rules
from kroi.leads.scoring.rules.facts import NUMBERS
from tests.leads.scoring.outcomes import against_the_rules, past, some_facts

HOUSE = RULE_SET_1.data()
PAST = past(against_the_rules, 1500)
CARD = fitting.make_card([facts.row() for facts, _ in PAST], [won for _, won in PAST], numbers=NUMBERS)
facts = st.randoms(use_true_random=False).map(some_facts)
evidence = st.builds(Evidence, st.sampled_from(Interest), *[st.booleans()] * 8)


@given(facts, st.integers(-400, 400))
def test_reasons_of_a_card_always_add_up_within_bounds(known: Facts, start: int) -> None:
    judged = judge(replace(CARD, start=start), known.row(), known.evidence.interest, HOUSE, 7)
    assert sum(each.points for each in judged.reasons) == judged.value
    assert 0 <= judged.value <= 100
    assert judged.version == 7 and judged.by == "learnt"


@given(evidence, st.integers(0, 100))
def test_reasons_add_up_when_a_score_is_set_by_hand(known: Evidence, value: int) -> None:
    judged = pinned(judge_by_rules(known, RULE_SET_1), value, known.interest, RULE_SET_1)
    assert sum(each.points for each in judged.reasons) == judged.value == value
    assert judged.reasons[-1].code == "pin"


@given(evidence, st.sampled_from(sorted(RULE_SET_1.points)), st.integers(0, 60))
def test_more_points_never_make_a_lower_score(known: Evidence, code: str, more: int) -> None:
    raised = drafts.changed(RULE_SET_1, {code: min(RULE_SET_1.points[code] + more, 100)})
    assert judge_by_rules(known, raised).value >= judge_by_rules(known, RULE_SET_1).value


@given(facts, facts)
def test_a_clearly_better_chance_never_has_fewer_points(one: Facts, other: Facts) -> None:
    first, second = (sum(each.points for each in CARD.reasons(known.row())) for known in (one, other))
    apart = CARD.probability(one.row()) - CARD.probability(other.row())
    assert apart < 0.1 or first > second  # points are whole numbers: only what is close may change places


@given(facts)
def test_the_explanation_is_the_chance(known: Facts) -> None:
    said = CARD.log_odds + sum(weight.log_odds for _, _, weight in CARD.said(known.row()))
    assert CARD.probability(known.row()) == pytest.approx(1 / (1 + 2.718281828459045**-said))


@given(facts)
def test_every_reason_of_a_card_has_words(known: Facts) -> None:
    for each in CARD.reasons(known.row()):
        assert each.code == "learnt:start" or ":" in each.code
        fact = each.code.split(":")[1]
        assert fact == "start" or fact in words.FACTS


def test_a_card_is_data() -> None:
    assert Card.from_data(CARD.data()) == CARD


def test_facts_are_data_without_anything_personal() -> None:
    known = some_facts(random.Random(3))
    assert Facts.from_data(known.data()) == known
    assert set(known.data()) == {
        "interest", "about_car", "phone_can_exist", "long_message", "asked_before", "new_on_sale", "throwaway", "link",
        "fast", "source", "email", "message_length", "hour", "weekday", "price_cents", "days_on_sale",
    }  # fmt: skip
    assert all(
        isinstance(value, bool | int) for name, value in known.data().items() if name not in ("interest", "source")
    )


def test_an_interest_is_at_least_so_urgent_for_a_card_too() -> None:
    known = replace(PAST[0][0], evidence=Evidence(Interest.CALL_BACK))
    low = replace(CARD, start=-500)
    assert judge(low, known.row(), Interest.CALL_BACK, HOUSE, 1).priority is Priority.HIGH


def test_numbers_come_in_bands_and_what_is_missing_is_itself() -> None:
    rows: list[encoding.Row] = [{"price": float(number % 100)} for number in range(800)]
    (fact,) = encoding.learn([*rows, *[{"price": None}] * 50], {"price"})
    assert fact.edges is not None and len(fact.edges) == 7
    assert fact.level(None) == MISSING and fact.level(1e9) == f"{fact.edges[-1]:g}.."
    assert fact.level(fact.edges[0]) == f"..{fact.edges[0]:g}"


def test_a_rare_word_stands_with_the_rare_ones_and_a_new_one_too() -> None:
    rows: list[encoding.Row] = [{"source": word} for word in ["web"] * 50 + ["phone"] * 50 + ["fax"] * 3]
    assert encoding.learn(rows, ()) == (Fact("source", ("phone", "web", OTHER)),)
    assert Fact("source", ("phone", "web", OTHER)).level("pigeon") == OTHER


def test_a_level_never_seen_says_nothing() -> None:
    assert Fact("source", ("phone", "web")).level("pigeon") == ""
    card = Card(0.0, 40, (Fact("source", ("phone", "web")),), {"source": {}})
    assert [each.points for each in card.reasons({"source": "pigeon"})] == [40]


def test_a_fact_that_never_varies_is_none() -> None:
    assert encoding.learn([{"source": "web"}] * 99, ()) == ()


def test_one_outcome_alone_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="one outcome"):
        fitting.make_card([{"source": "web"}] * 99, [True] * 99, numbers=())


def test_the_command_shows_progress_in_as_many_steps_as_there_are() -> None:
    assert fitting.steps() == learnt.STEPS
