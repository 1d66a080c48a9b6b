"""A learnt card is used where it is truly better: pasts with a known truth say when that is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.leads.scoring.learnt.rules import fitting, measures, trial
from kroi.leads.scoring.learnt.rules.enough import Figures, is_enough
from kroi.leads.scoring.rules.facts import NUMBERS
from tests.leads.scoring.outcomes import Truth, against_the_rules, as_the_rules_say, by_chance, cases, past

pytestmark = pytest.mark.slow

BOUNDS = (0, 100)


def figures(truth: Truth, count: int, seed: int = 1) -> Figures:
    return trial.hold(cases(truth, count, seed), BOUNDS, numbers=NUMBERS)[1]


@pytest.mark.parametrize("seed", range(3))
def test_where_the_rules_are_wrong_the_card_beats_them(seed: int) -> None:
    found = figures(against_the_rules, 1600, seed)
    assert found.beats
    assert found.auc > found.auc_rules + 0.1 and found.loss < found.loss_rules


@pytest.mark.parametrize("seed", range(3))
def test_where_the_rules_are_right_they_stay(seed: int) -> None:
    assert not figures(as_the_rules_say, 1600, seed).beats


def test_where_nothing_says_anything_luck_is_not_taken_for_skill() -> None:
    assert sum(figures(by_chance, 260, seed).beats for seed in range(12)) <= 1


def test_the_card_comes_near_to_knowing_the_truth() -> None:
    told = past(against_the_rules, 8000, 4)
    older, newer = told[:6000], told[6000:]
    card = fitting.make_card([facts.row() for facts, _ in older], [won for _, won in older], numbers=NUMBERS)
    won = [is_won for _, is_won in newer]
    said = [card.probability(facts.row()) for facts, _ in newer]
    true = [1 / (1 + math.exp(-against_the_rules(facts))) for facts, _ in newer]
    assert measures.auc(said, won) > measures.auc(true, won) - 0.02
    assert float(np.mean(np.abs(np.array(said) - np.array(true)))) < 0.04


@pytest.mark.parametrize("seed", range(2))
def test_a_chance_of_a_third_is_a_third(seed: int) -> None:
    found = figures(against_the_rules, 4800, seed)
    assert found.calibration_error < 0.05
    assert sum(each.count for each in found.calibration) == found.held_out


def test_few_leads_make_small_weights() -> None:
    few, many = ((cases(against_the_rules, count, 9)) for count in (220, 2000))
    spread = [
        np.std([card.probability(case.row) for case in many])
        for card, _ in (trial.hold(told, BOUNDS, numbers=NUMBERS) for told in (few, many))
    ]
    assert spread[0] < spread[1] + 0.05


def test_the_held_out_leads_are_the_newest_and_teach_nothing() -> None:
    told = cases(against_the_rules, 1000)
    turned = [*told[:750], *(trial.Case(case.row, case.score, not case.won) for case in told[750:])]
    assert trial.hold(told, BOUNDS, numbers=NUMBERS)[0] == trial.hold(turned, BOUNDS, numbers=NUMBERS)[0]


def test_newer_leads_of_one_outcome_compare_nothing() -> None:
    told = [
        *cases(against_the_rules, 300),
        *(trial.Case(case.row, case.score, False) for case in cases(by_chance, 100)),
    ]
    with pytest.raises(ValueError, match="one outcome"):
        trial.hold(told, BOUNDS, numbers=NUMBERS)


def test_figures_are_data() -> None:
    found = figures(against_the_rules, 400)
    assert Figures.from_data(found.data()) == found


@pytest.mark.parametrize(
    ("decided", "won", "enough"), [(199, 50, False), (200, 39, False), (200, 40, True), (200, 161, False)]
)
def test_how_many_outcomes_are_enough(decided: int, won: int, enough: bool) -> None:
    assert is_enough(decided, won) is enough


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=60))
def test_the_order_is_measured_as_by_asking_every_pair(some: list[tuple[int, bool]]) -> None:
    won, lost = ([score for score, is_won in some if is_won is kind] for kind in (True, False))
    pairs = [(one > other) + (one == other) / 2 for one in won for other in lost]
    expected = sum(pairs) / len(pairs) if pairs else 0.5
    assert measures.auc([score for score, _ in some], [is_won for _, is_won in some]) == pytest.approx(expected)


def test_knowing_costs_nothing_and_guessing_a_coin() -> None:
    assert measures.log_loss([1.0, 0.0], [True, False]) < 1e-6
    assert measures.log_loss([0.5, 0.5], [True, False]) == pytest.approx(math.log(2))
