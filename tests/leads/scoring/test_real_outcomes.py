"""The method on real inquiries with real outcomes, without what staff wrote down afterwards."""

import csv
import gzip
import io
from pathlib import Path

from tests.leads.scoring import real_outcomes


def test_a_card_learnt_from_real_outcomes_tells_who_will_be_won(real_data: Path) -> None:
    rows, won = real_outcomes.read(real_data)
    assert (len(rows), sum(won)) == (6449, 2488)
    found = real_outcomes.examine(rows, won, parts=5)
    assert found.auc >= 0.84 and found.auc_of_points >= 0.84
    assert found.spread[0] >= 0.84
    assert found.error < 0.03
    assert found.best_tenth > 0.85


def test_nothing_that_was_set_afterwards_is_learnt_from(real_data: Path) -> None:
    rows, _won = real_outcomes.read(real_data)
    assert not set(rows[0]) & set(real_outcomes.SET_AFTERWARDS)
    with gzip.open(real_data / real_outcomes.FILE) as file:
        columns = next(csv.reader(io.TextIOWrapper(file, "ascii", newline="")))
    assert set(real_outcomes.SET_AFTERWARDS) < set(columns)
    leaking = ("tags", "quality", "profile", "asymmetrique", "activity", "converted")
    assert [name for name in rows[0] if any(word in name.casefold() for word in leaking)] == []
