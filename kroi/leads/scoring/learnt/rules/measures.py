"""How good scores and chances were: who came before whom, how far off, and whether a chance of a third was a third."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kroi.leads.scoring.learnt.rules.enough import Bin

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
BINS = 10


def auc(scores: Sequence[float] | Floats, won: Sequence[bool] | Truths) -> float:
    """The chance that a lead that was won stands above one that was not; a tie counts half. 0.5 is guessing."""
    said, truth = np.asarray(scores, dtype=float), np.asarray(won, dtype=bool)
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return 0.5
    _, place, count = np.unique(said, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def log_loss(chances: Sequence[float] | Floats, won: Sequence[bool] | Truths) -> float:
    """The mean surprise, in nats: 0 would be knowing, 0.69 is tossing a coin."""
    said = np.clip(np.asarray(chances, dtype=float), 1e-9, 1 - 1e-9)
    truth = np.asarray(won, dtype=bool)
    return float(-np.mean(np.where(truth, np.log(said), np.log(1 - said))))


def calibration(chances: Sequence[float] | Floats, won: Sequence[bool] | Truths, bins: int = BINS) -> tuple[Bin, ...]:
    """Leads in `bins` groups of equal size by the chance said of them, the lowest first."""
    said, truth = np.asarray(chances, dtype=float), np.asarray(won, dtype=bool)
    order = np.argsort(said, kind="stable")
    groups = [part for part in np.array_split(order, min(bins, len(order))) if len(part)]
    return tuple(
        Bin(round(float(said[part].mean()), 4), round(float(truth[part].mean()), 4), len(part)) for part in groups
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """How far, on average over the leads, the share won is from the chance said."""
    total = sum(each.count for each in bins)
    return sum(abs(each.said - each.won) * each.count for each in bins) / total if total else 0.0


def share_better(
    ours: Sequence[float] | Floats, theirs: Sequence[float] | Floats, won: Sequence[bool] | Truths, times: int = 200
) -> float:
    """In what share of resamples (drawn with replacement, always the same ones) our order is the better one."""
    one, other, truth = np.asarray(ours, float), np.asarray(theirs, float), np.asarray(won, bool)
    draw = np.random.default_rng(len(truth))
    better = 0
    for _ in range(times):
        some = draw.integers(0, len(truth), len(truth))
        better += auc(one[some], truth[some]) > auc(other[some], truth[some])
    return better / times
