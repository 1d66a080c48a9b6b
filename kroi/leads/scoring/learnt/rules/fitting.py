"""Logistic regression with a ridge, by Newton's method, and the card that comes out of it. Needs numpy."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kroi.leads.scoring.learnt.rules.card import Card, Scale, Weight
from kroi.leads.scoring.learnt.rules.encoding import Fact, Row, learn

Floats = NDArray[np.float64]
RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0)
FOLDS = 5
_ROUNDS, _ENOUGH, _SEED = 60, 1e-9, 20261122
_PLATT_RIDGE = 1e-3


@dataclass(frozen=True)
class Fitted:
    """Weights of a fit: of the average (never held back by the ridge), and of each column."""

    intercept: float
    weights: Floats

    def log_odds(self, columns: Floats) -> Floats:
        """What the fit says of each row."""
        said: Floats = self.intercept + columns @ self.weights
        return said


def make_card(
    rows: Sequence[Row],
    won: Sequence[bool],
    *,
    numbers: Iterable[str],
    scale: Scale | None = None,
    tell: Callable[[], object] = lambda: None,
) -> Card:
    """Learn from leads that are decided, and make a card whose probabilities are calibrated.

    The ridge is chosen, and the calibration made, by cross-validation inside these rows. `tell` is called
    after each of the `steps()`. Raises ValueError when the rows are all won or all lost.
    """
    outcome = np.array(won, dtype=float)
    if outcome.min() == outcome.max():
        raise ValueError("one outcome alone teaches nothing")
    facts = learn(rows, numbers)
    columns = one_hot(rows, facts)
    ridge, beforehand = _choose_ridge(columns, outcome, tell)
    calibrated = fit(beforehand[:, None], outcome, _PLATT_RIDGE)
    fitted = fit(columns, outcome, ridge)
    slope = float(calibrated.weights[0])
    return _card(facts, columns, calibrated.intercept + slope * fitted.intercept, slope * fitted.weights, scale)


def steps() -> int:
    """How many times `make_card` tells how far it is."""
    return len(RIDGES) * FOLDS


def one_hot(rows: Sequence[Row], facts: Sequence[Fact]) -> Floats:
    """A column for each level of each fact: 1 where a row stands on it."""
    places = {(fact.name, level): place for place, (fact, level) in enumerate(_levels(facts))}
    columns = np.zeros((len(rows), len(places)))
    for number, row in enumerate(rows):
        for fact in facts:
            place = places.get((fact.name, fact.level(row.get(fact.name))))
            if place is not None:
                columns[number, place] = 1.0
    return columns


def fit(columns: Floats, outcome: Floats, ridge: float) -> Fitted:
    """The weights with the least loss. `ridge` is the pull of every weight towards 0, so that few leads say little."""
    wide = np.column_stack([np.ones(len(outcome)), columns])
    pull = np.full(wide.shape[1], ridge)
    pull[0] = 0.0
    mean = float(outcome.mean())
    weights = np.zeros(wide.shape[1])
    weights[0] = np.log(mean / (1 - mean))
    least = _loss(wide, outcome, weights, pull)
    for _ in range(_ROUNDS):
        step = _newton(wide, outcome, weights, pull)
        size = 1.0
        while (loss := _loss(wide, outcome, weights - size * step, pull)) > least and size > _ENOUGH:
            size /= 2
        weights = weights - size * step
        if least - loss < _ENOUGH * (1 + abs(least)):
            break
        least = loss
    return Fitted(float(weights[0]), weights[1:])


def folds(count: int, parts: int = FOLDS) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Masks of what is learnt from and of what is asked, `parts` times; every row is asked once."""
    part = np.random.default_rng(_SEED).permutation(count) % parts
    for each in range(parts):
        yield part != each, part == each


def _newton(wide: Floats, outcome: Floats, weights: Floats, pull: Floats) -> Floats:
    chance = 1 / (1 + np.exp(-np.clip(wide @ weights, -35, 35)))
    slope = wide.T @ (chance - outcome) + pull * weights
    bend = (wide * (chance * (1 - chance))[:, None]).T @ wide + np.diag(pull)
    return np.asarray(np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), slope), dtype=np.float64)


def _loss(wide: Floats, outcome: Floats, weights: Floats, pull: Floats) -> float:
    said = wide @ weights
    return float(np.sum(np.logaddexp(0, said) - outcome * said) + 0.5 * np.sum(pull * weights**2))


def _choose_ridge(columns: Floats, outcome: Floats, tell: Callable[[], object]) -> tuple[float, Floats]:
    """The ridge under which rows that were not learnt from are foretold best, and what it said of them."""
    best: tuple[float, float, Floats] | None = None
    for ridge in RIDGES:
        said = np.zeros(len(outcome))
        for learnt, asked in folds(len(outcome)):
            said[asked] = fit(columns[learnt], outcome[learnt], ridge).log_odds(columns[asked])
            tell()
        loss = float(np.sum(np.logaddexp(0, said) - outcome * said))
        if best is None or loss < best[0]:
            best = (loss, ridge, said)
    assert best is not None
    return best[1], best[2]


def _card(facts: Sequence[Fact], columns: Floats, intercept: float, weights: Floats, scale: Scale | None) -> Card:
    """Weights counted from the average lead, and points in which scores spread as `scale` says."""
    scale = scale or Scale()
    means = columns.mean(axis=0) * weights
    centred: Floats = np.array(weights, dtype=float)
    place = 0
    for fact in facts:
        part = slice(place, place + len(fact.levels))
        centred[part] -= means[part].sum()
        place = part.stop
    spread = float((columns @ centred).std())
    by = scale.spread / spread if spread > 1e-6 else 0.0
    table: dict[str, dict[str, Weight]] = {}
    for (fact, level), weight in zip(_levels(facts), centred, strict=True):
        table.setdefault(fact.name, {})[level] = Weight(round(float(weight), 6), round(float(weight) * by))
    return Card(round(intercept + float(means.sum()), 6), round(scale.mean), tuple(facts), table)


def _levels(facts: Sequence[Fact]) -> Iterator[tuple[Fact, str]]:
    return ((fact, level) for fact in facts for level in fact.levels)
