"""The learnt score as a card: for every level of every fact its log-odds and its points. Plain data, plain sums."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kroi.leads.rules import Interest
from kroi.leads.scoring.learnt.rules.encoding import Fact, Row
from kroi.leads.scoring.rules.points import Reason, Score, bounded, priority_of

LEARNT = "learnt"
LEARNT_START = "learnt:start"


@dataclass(frozen=True)
class Weight:
    """What a level says: its log-odds, counted from the average lead, and the whole points made of them."""

    log_odds: float
    points: int


@dataclass(frozen=True)
class Scale:
    """What the points were made to look like: the scores that people here are used to."""

    mean: float = 40.0
    spread: float = 20.0
    """One standard deviation, in points."""


@dataclass(frozen=True)
class Card:
    """A learnt model: where the average lead stands (log-odds, points), and what each level adds to that."""

    log_odds: float
    start: int
    facts: tuple[Fact, ...]
    weights: Mapping[str, Mapping[str, Weight]]

    def data(self) -> dict[str, Any]:
        """The card as JSON."""
        return {
            "log_odds": self.log_odds,
            "start": self.start,
            "facts": [
                {
                    "name": fact.name,
                    "edges": None if fact.edges is None else list(fact.edges),
                    "levels": [
                        [level, self.weights[fact.name][level].log_odds, self.weights[fact.name][level].points]
                        for level in fact.levels
                    ],
                }
                for fact in self.facts
            ],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Card":
        """The card that `data` wrote down."""
        facts = tuple(
            Fact(
                each["name"],
                tuple(level for level, *_ in each["levels"]),
                None if each["edges"] is None else tuple(each["edges"]),
            )
            for each in data["facts"]
        )
        weights = {
            each["name"]: {level: Weight(log_odds, points) for level, log_odds, points in each["levels"]}
            for each in data["facts"]
        }
        return cls(data["log_odds"], data["start"], facts, weights)

    def probability(self, row: Row) -> float:
        """The chance, 0 to 1, that a lead with these facts is won."""
        return logistic(self.log_odds + sum(weight.log_odds for _, _, weight in self.said(row)))

    def reasons(self, row: Row) -> list[Reason]:
        """Every fact's points; they add up to the score before its bounds. What adds nothing is not said."""
        found = [Reason(LEARNT_START, self.start)]
        found += [
            Reason(code(fact.name, level), weight.points) for fact, level, weight in self.said(row) if weight.points
        ]
        return found

    def said(self, row: Row) -> Iterator[tuple[Fact, str, Weight]]:
        """Each fact of a lead, the level it stands on, and what that weighs; a level never seen says nothing."""
        for fact in self.facts:
            level = fact.level(row.get(fact.name))
            if level:
                yield fact, level, self.weights[fact.name][level]


def code(fact: str, level: str) -> str:
    """How a receipt names a level of a fact."""
    return f"{LEARNT}:{fact}:{level}"


def judge(card: Card, row: Row, interest: Interest, house: Mapping[str, Any], version: int) -> Score:
    """The score that these facts earn by this card. `house` are the bounds and priorities of a rule set's data."""
    low, high = house["bounds"]
    value, reasons = bounded(card.reasons(row), (low, high))
    priority = priority_of(value, interest, house["priorities"], house["at_least"], top=high)
    return Score(value, tuple(reasons), priority, version, by=LEARNT)


def logistic(log_odds: float) -> float:
    """Log-odds as a probability."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))
