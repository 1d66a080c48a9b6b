"""Which days a report is about, and what counts say, without a database."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.analytics.reports import rules
from kroi.analytics.reports.rules import Doubt, Outcome, Span

TODAY = date(2026, 11, 22)
MINUTES = st.dictionaries(st.integers(0, 5_000), st.integers(1, 50), max_size=20)
DAYS = st.integers(1, 900).map(lambda days: Span(TODAY - timedelta(days=days - 1), TODAY))


@pytest.mark.parametrize("asked", [{}, {"days": "31"}, {"days": "-7"}, {"from": "2026-11-30", "to": "2026-11-01"}])
@pytest.mark.parametrize("more", [{}, {"from": "x", "to": "2026-11-01"}, {"from": "2026-11-20", "to": "2026-11-23"}])
def test_an_address_that_does_not_parse_means_the_last_thirty_days(asked: dict[str, str], more: dict[str, str]) -> None:
    assert rules.span(asked | more, TODAY) == Span(date(2026, 10, 24), TODAY, 30)


def test_days_can_be_named_one_by_one_and_keep_their_address() -> None:
    found = rules.span({"from": "2026-10-01", "to": "2026-10-31"}, TODAY)
    assert (found.length, found.before()) == (31, Span(date(2026, 8, 31), date(2026, 9, 30)))
    assert rules.span({name: str(value) for name, value in found.address().items()}, TODAY) == found


@given(DAYS)
def test_the_bars_of_a_chart_hold_every_day_once_in_order(span: Span) -> None:
    bars = span.bars()
    assert [day for bar in bars for day in bar] == span.each_day()
    assert all(len(bar) == span.step for bar in bars[1:]) and len(bars) <= 46


@given(DAYS)
def test_what_is_compared_is_as_long_and_ends_the_day_before(span: Span) -> None:
    assert span.before().length == span.length and span.before().until == span.since - timedelta(days=1)


@given(MINUTES, st.sampled_from([50, 90]))
def test_a_percentile_is_what_sorting_all_of_them_says(counts: dict[int, int], per_cent: int) -> None:
    everything = sorted(value for value, many in counts.items() for _each in range(many))
    wanted = everything[-(-len(everything) * per_cent // 100) - 1] if everything else None
    assert rules.percentile(counts, per_cent) == wanted


@given(MINUTES)
def test_the_distribution_leaves_nobody_out(counts: dict[int, int]) -> None:
    assert sum(many for _low, _high, many in rules.distribution(counts)) == sum(counts.values())


@given(MINUTES, MINUTES)
def test_outcomes_add_up_in_any_order(one: dict[int, int], other: dict[int, int]) -> None:
    first, second = Outcome(3, 2, 1, 1, 1, 0, 1, one), Outcome(5, 4, 3, 2, 1, 1, 0, other)
    assert first + second == second + first
    assert (first + second).minutes == dict(Counter(one) + Counter(other))
    assert first + Outcome() == first


@given(st.lists(st.integers(0, 2_000)))
def test_every_car_has_an_age(days: list[int]) -> None:
    assert sum(count for _low, _high, count in rules.ages(days)) == len(days)


def test_shares_and_costs_are_whole_numbers_rounded_half_up() -> None:
    assert (rules.percent(1, 3), rules.percent(1, 8), rules.percent(0, 0)) == (33, 13, None)
    assert rules.cost_of_standing(20_000_00, 365) == 3_000_00
    assert rules.cost_of_standing(20_000_00, 1) == 822
    assert rules.cost_of_standing(None, 100) is None
    assert rules.turns_per_year(10, 60, 30) == 202


CAR = {
    "photos": 8,
    "price_cents": 1,
    "days": 90,
    "views": 50,
    "usual_views": 50,
    "asked": Outcome(),
    "days_at_price": 9,
}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"photos": 2}, Doubt.NO_PHOTOS),
        ({"price_cents": 0}, Doubt.NO_PRICE),
        ({"days": 29, "views": 0}, None),
        ({"views": 24}, Doubt.UNSEEN),
        ({}, Doubt.UNASKED),
        ({"views": 29, "usual_views": 29, "days_at_price": 61}, Doubt.OLD_PRICE),
        ({"views": 29, "usual_views": 29}, None),
        ({"asked": Outcome(leads=2, clocked=2)}, Doubt.UNANSWERED),
        ({"asked": Outcome(leads=2, clocked=2, answered=1)}, Doubt.UNVISITED),
        ({"asked": Outcome(leads=2, clocked=2, answered=1, visited=1)}, None),
    ],
)
def test_what_stands_in_a_cars_way_is_said_in_this_order(told: dict[str, object], why: Doubt | None) -> None:
    assert rules.doubt(**(CAR | told)) is why  # type: ignore[arg-type]
