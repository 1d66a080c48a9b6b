"""The contest: a card learnt from the older leads and the rules judge the newer ones, which neither has seen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kroi.leads.scoring.learnt.rules import fitting, measures
from kroi.leads.scoring.learnt.rules.card import Card, Scale
from kroi.leads.scoring.learnt.rules.encoding import Row
from kroi.leads.scoring.learnt.rules.enough import Figures

HELD_OUT = 0.25  # the newest part


@dataclass(frozen=True)
class Case:
    """A lead that is decided: its facts when it came, the score that the rules gave it, and whether it was won."""

    row: Row
    score: int
    won: bool


def hold(
    cases: Sequence[Case],
    bounds: tuple[int, int],
    *,
    numbers: Iterable[str],
    tell: Callable[[], object] = lambda: None,
) -> tuple[Card, Figures]:
    """Learn from the older cases (they come oldest first) and judge the newer ones beside the rules.

    The card is the one that was judged: it never learns from the leads that its figures rest on.
    Raises ValueError when either part holds one outcome only.
    """
    cut = len(cases) - int(len(cases) * HELD_OUT)
    older, newer = cases[:cut], cases[cut:]
    if len({case.won for case in newer}) < 2:
        raise ValueError("the newer leads have one outcome only")
    scores = np.array([case.score for case in older], dtype=float)
    scale = Scale(float(scores.mean()), max(float(scores.std()), 5.0))
    rows, won = [case.row for case in older], [case.won for case in older]
    card = fitting.make_card(rows, won, numbers=numbers, scale=scale, tell=tell)
    return card, _figures(card, older, newer, bounds)


def _figures(card: Card, older: Sequence[Case], newer: Sequence[Case], bounds: tuple[int, int]) -> Figures:
    truth = np.array([case.won for case in newer])
    chances = np.array([card.probability(case.row) for case in newer])
    scores = np.array([_score(card, case.row, bounds) for case in newer], dtype=float)
    rules = np.array([case.score for case in newer], dtype=float)
    bins = measures.calibration(chances, truth)
    return Figures(
        learnt_from=len(older),
        learnt_from_won=sum(case.won for case in older),
        held_out=len(newer),
        held_out_won=int(truth.sum()),
        auc=round(measures.auc(scores, truth), 4),
        auc_rules=round(measures.auc(rules, truth), 4),
        loss=round(measures.log_loss(chances, truth), 4),
        loss_rules=round(measures.log_loss(_chances_of_rules(older, rules), truth), 4),
        sure=measures.share_better(scores, rules, truth),
        calibration=bins,
        calibration_error=round(measures.calibration_error(bins), 4),
    )


def _score(card: Card, row: Row, bounds: tuple[int, int]) -> int:
    return min(max(sum(each.points for each in card.reasons(row)), bounds[0]), bounds[1])


def _chances_of_rules(older: Sequence[Case], scores: measures.Floats) -> measures.Floats:
    """What the rules' scores would have been worth as chances: the best that can be made of them beforehand."""
    known = np.array([[case.score / 100] for case in older])
    fitted = fitting.fit(known, np.array([case.won for case in older], dtype=float), ridge=1e-3)
    chances: measures.Floats = 1 / (1 + np.exp(-fitted.log_odds(scores[:, None] / 100)))
    return chances
