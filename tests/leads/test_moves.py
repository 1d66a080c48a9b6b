"""Moves of a lead: the table, and nothing else."""

import pytest

from kroi.leads.rules import LeadStatus, moves

TABLE = {
    "new": "contacted lost spam",
    "contacted": "qualified appointment lost spam",
    "qualified": "appointment negotiating lost",
    "appointment": "qualified negotiating won lost",
    "negotiating": "appointment won lost",
    "won": "negotiating",
    "lost": "contacted",
    "spam": "new",
}


@pytest.mark.parametrize("current", LeadStatus)
@pytest.mark.parametrize("target", LeadStatus)
def test_a_lead_moves_as_the_table_says(current: LeadStatus, target: LeadStatus) -> None:
    assert moves.may_move(current, target) is (target.value in TABLE[current.value].split())


@pytest.mark.parametrize(
    ("assignee", "works_all", "expected"), [(None, False, True), (1, False, True), (2, False, False), (2, True, True)]
)
def test_sales_work_their_own_and_free_leads(assignee: int | None, works_all: bool, expected: bool) -> None:
    assert moves.may_work(assignee, 1, works_all=works_all) is expected
