"""Is the round fair? Everybody's share of it, and what makes one person's differ from the others'."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from kroi.leads.assignment.rules.reasons import Passed

_EXPLAINS = (Passed.OFF_SHIFT, Passed.AWAY, Passed.FULL, Passed.UNANSWERED, Passed.LANGUAGE, Passed.HAD_IT)
_MOST_REASONS = 2


class Compared(enum.StrEnum):
    """How somebody's turns stand to the others'."""

    ALONE = "alone"
    SAME = "same"
    FEWER = "fewer"
    MORE = "more"


@dataclass(frozen=True)
class Share:
    """One person's part over some time. `passed` counts the leads that went to others, by why they did."""

    user_id: int
    given: int = 0
    known: int = 0
    """Of those given, how many came because they know the person."""
    claimed: int = 0
    by_hand: int = 0
    taken_back: int = 0
    won: int = 0
    answers: Sequence[int] = ()
    """Seconds of opening time to the answer, of each lead that has one."""
    passed: dict[Passed, int] = field(default_factory=dict)

    @property
    def median_answer(self) -> int | None:
        """The middle one of the times to an answer, in seconds of opening time."""
        return round(median(self.answers)) if self.answers else None

    @property
    def draws(self) -> int:
        """How many leads the round gave to anybody while this person took part in it."""
        return self.given + sum(self.passed.values())


@dataclass(frozen=True)
class Difference:
    """How one person's turns differ from the mean of all, and by what: the reasons with their counts, most first.

    For fewer turns the counts are this person's; for more they are the mean of the others'.
    """

    compared: Compared
    by: int = 0
    reasons: tuple[tuple[Passed, int], ...] = ()


def explain(mine: Share, everybody: Sequence[Share]) -> Difference:
    """Why somebody had fewer or more turns than the others who took part."""
    others = [each for each in everybody if each.draws and each.user_id != mine.user_id]
    if not others or not mine.draws:
        return Difference(Compared.ALONE)
    by = mine.given - _mean([each.given for each in others])
    if abs(by) <= 1:
        return Difference(Compared.SAME)
    kept = [(why, mine.passed.get(why, 0), _mean([each.passed.get(why, 0) for each in others])) for why in _EXPLAINS]
    if by < 0:
        reasons = [(why, own, own - usual) for why, own, usual in kept if own > usual]
    else:
        reasons = [(why, usual, usual - own) for why, own, usual in kept if usual > own]
    most = sorted(reasons, key=lambda each: -each[2])[:_MOST_REASONS]
    return Difference(
        Compared.FEWER if by < 0 else Compared.MORE, abs(by), tuple((why, count) for why, count, _excess in most)
    )


def spread(everybody: Sequence[Share]) -> int:
    """The most turns less the fewest among those who took part."""
    given = [each.given for each in everybody if each.draws]
    return max(given) - min(given) if given else 0


def _mean(numbers: Sequence[int]) -> int:
    return round(sum(numbers) / len(numbers))
