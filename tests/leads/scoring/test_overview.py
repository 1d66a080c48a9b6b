"""The past is judged lead by lead, and leads that are alike in all that counts only once."""

import dataclasses
from typing import Any

import pytest

from kroi.leads.scoring import overview
from kroi.leads.scoring.learnt.rules import fitting
from kroi.leads.scoring.queries import Decided
from kroi.leads.scoring.rules import RULE_SET_1, Facts, Score
from kroi.leads.scoring.rules.deciles import deciles
from kroi.leads.scoring.rules.facts import NUMBERS
from kroi.leads.scoring.service import Judge
from tests.leads.scoring.outcomes import against_the_rules, past

PAST = past(against_the_rules, 800)
CARD = fitting.make_card([facts.row() for facts, _ in PAST], [won for _, won in PAST], numbers=NUMBERS)
JUDGES = {"rules": Judge(RULE_SET_1), "card": Judge(RULE_SET_1, CARD, 7)}


@pytest.mark.parametrize("name", JUDGES)
def test_every_past_lead_counts_with_its_own_score(name: str) -> None:
    judge = JUDGES[name]
    shown = overview.compare([Decided(facts, won) for facts, won in PAST], judge, JUDGES["rules"])
    assert shown.first == deciles((judge.score(facts).value, won) for facts, won in PAST)
    assert shown.second == deciles((JUDGES["rules"].score(facts).value, won) for facts, won in PAST)


def test_rules_judge_leads_once_that_are_alike_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Facts] = []
    score = Judge.score

    def counted(judge: Judge, facts: Facts, *rest: Any) -> Score:
        judged.append(facts)
        return score(judge, facts, *rest)

    monkeypatch.setattr(Judge, "score", counted)
    facts, won = PAST[0]
    alike = [Decided(dataclasses.replace(facts, message_length=length), won) for length in range(100)]
    overview.compare(alike, JUDGES["rules"])
    assert len(judged) == 1
    overview.compare(alike, JUDGES["card"])
    assert len(judged) == 101, "to a card the length of a message may count"
