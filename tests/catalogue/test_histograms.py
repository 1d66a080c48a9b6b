"""Histograms have round ends, a handful of bars, and leave no car out."""

import pytest

from kroi.catalogue.listing.histograms import Bars, bars, year_bars
from kroi.catalogue.rules.numbers import Steps


def _each(steps: dict[int, int]) -> Steps:
    return Steps(tuple(steps), tuple(steps.values()), tuple(steps.values()))


def test_years_end_with_the_newest_and_the_oldest_share_a_bar() -> None:
    found = year_bars(_each({1965: 1, 2008: 100, 2015: 50, 2023: 49}))
    assert (found.low, found.high, len(found.counts), sum(found.counts)) == (2008, 2023, 16, 200)
    assert (found.counts[0], found.counts[7], found.counts[-1]) == (101, 50, 49)


def test_many_years_share_bars_and_a_few_are_given_room() -> None:
    wide = year_bars(_each({1960: 10, 2024: 10}))
    assert (len(wide.counts), wide.high, wide.counts[0], wide.counts[-1]) == (13, 2024, 10, 10)
    narrow = year_bars(_each({2020: 3}))
    assert (narrow.low, narrow.high, narrow.counts) == (2013, 2020, (0,) * 7 + (3,))
    assert year_bars(_each({})) == Bars()


@pytest.mark.parametrize("highest", [1, 9, 27, 64, 155, 1_000])
def test_prices_end_round_and_no_car_is_left_out(highest: int) -> None:
    found = bars(_each({0: 5, highest // 2: 7, highest: 5}), 1_000)
    assert 8 <= len(found.counts) <= 16 and sum(found.counts) == sum({0: 5, highest // 2: 7, highest: 5}.values())
    assert found.high > highest * 1_000 and not found.high % 1_000
