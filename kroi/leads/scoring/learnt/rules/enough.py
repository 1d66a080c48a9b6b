"""When there is enough to learn from, and when what was learnt is better than the rules. Plain Python."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LEAST_DECIDED, LEAST_WON = 200, 40
MOST_LEARNT_FROM = 20_000  # the newest outcomes; older ones were another market's
MARGIN_AUC, MARGIN_LOSS = 0.02, 0.005
LEAST_SURE = 0.95  # of resamples in which the card must come first


@dataclass(frozen=True)
class Bin:
    """Leads of about the same chance: the chance that was said of them, the share that was won, how many they are."""

    said: float
    won: float
    count: int

    def data(self) -> dict[str, Any]:
        """The bin as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Figures:
    """How both judges did on the leads held out, and how many each figure rests on."""

    learnt_from: int
    learnt_from_won: int
    held_out: int
    held_out_won: int
    auc: float
    auc_rules: float
    loss: float
    loss_rules: float
    sure: float
    """In what share of resamples the card came first."""
    calibration: tuple[Bin, ...]
    calibration_error: float

    @property
    def beats(self) -> bool:
        """Is the card better by the margins, and not by luck?"""
        return (
            self.auc >= self.auc_rules + MARGIN_AUC
            and self.loss <= self.loss_rules - MARGIN_LOSS
            and self.sure >= LEAST_SURE
        )

    @property
    def calibration_top(self) -> float:
        """A round chance not below any in the calibration, for the end of its axes."""
        most = max((max(each.said, each.won) for each in self.calibration), default=1.0)
        return next(top for top in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if top >= most - 1e-9)

    def data(self) -> dict[str, Any]:
        """The figures as JSON."""
        return asdict(self) | {"calibration": [each.data() for each in self.calibration]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Figures":
        """The figures that `data` wrote down."""
        return cls(**{**data, "calibration": tuple(Bin(**each) for each in data["calibration"])})


def is_enough(decided: int, won: int) -> bool:
    """Are there enough leads won, and enough lost, to learn from?"""
    return decided >= LEAST_DECIDED and won >= LEAST_WON and decided - won >= LEAST_WON
