"""Ten groups of the past by score: equal in size, and the order among equals changes nothing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.leads.scoring.rules.deciles import LEAST, deciles

leads = st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=LEAST, max_size=150)


def test_too_few_leads_say_nothing() -> None:
    assert deciles([(50, True)] * (LEAST - 1)) == []


def test_a_perfect_score_has_all_that_was_won_on_top() -> None:
    found = deciles([(90, True)] * 20 + [(10, False)] * 80)
    assert [each.won for each in found] == [1.0, 1.0, *[0.0] * 8]
    assert (found[0].best, found[1].least, found[2].best) == (90, 90, 10)


def test_one_score_for_all_foretells_nothing() -> None:
    found = deciles([(50, number < 25) for number in range(100)])
    assert [round(each.won, 6) for each in found] == [0.25] * 10


@given(leads, st.randoms(use_true_random=False))
def test_the_order_in_which_leads_come_changes_nothing(some: list[tuple[int, bool]], shuffle: random.Random) -> None:
    other = list(some)
    shuffle.shuffle(other)
    assert deciles(some) == deciles(other)


@given(leads)
def test_no_lead_is_lost_between_the_groups(some: list[tuple[int, bool]]) -> None:
    found = deciles(some)
    won = sum(each.won for each in found) * len(some) / 10
    assert won == pytest.approx(sum(is_won for _, is_won in some))
    assert all(each.best >= each.least for each in found)
    assert all(upper.least >= lower.best for upper, lower in zip(found, found[1:], strict=False))
    assert all(-1e-9 <= each.won <= 1 + 1e-9 for each in found)
