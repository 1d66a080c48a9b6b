"""A drill: an installation, its shoppers, a time by which it ends; and what each fault did to them."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.drill.house import House
from tests.drill.ledger import AGAIN, Answers
from tests.drill.shoppers import Crowd

Say = Callable[[str], object]


@dataclass
class Outcome:
    """What a fault did: recoveries in seconds, answers meanwhile, and `faults`, which should be none.

    `may_be` names how a visitor may be cut off.
    """

    name: str
    times: int = 0
    recoveries: list[float] = field(default_factory=list)
    answers: Answers = field(default_factory=lambda: Answers([]))
    note: str = ""
    faults: list[str] = field(default_factory=list)
    left_out: str = ""
    may_be: str = ""

    @property
    def longest(self) -> float | None:
        """Seconds of the worst recovery."""
        return max(self.recoveries, default=None)

    @property
    def usual(self) -> float | None:
        """Seconds of the recovery in the middle."""
        return statistics.median(self.recoveries) if self.recoveries else None

    def row(self) -> list[str]:
        """For the table."""
        seconds = ["–" if each is None else f"{each:.1f} s" for each in (self.usual, self.longest)]
        answers = [str(self.answers[each]) for each in ("success", AGAIN, "refused", "silent", "wrong")]
        times = str(self.times) if not self.left_out else "left out"
        return [self.name, times, *seconds, *answers, self.left_out or self.note]


@dataclass
class Drill:
    """What the single faults share."""

    house: House
    crowd: Crowd
    short: bool
    until: float
    say: Say
    chance: random.Random = field(default_factory=lambda: random.Random())
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, name: str, fault: Callable[["Drill", Outcome], None]) -> Outcome:
        """One fault with its answers; what it raises is a fault of ours, too."""
        outcome, began = Outcome(name), time.monotonic()
        self.say(f"{name} …")
        try:
            fault(self, outcome)
            self.crowd.recovers()
        except Exception as error:  # the others are drilled in any case
            outcome.faults.append(f"{type(error).__name__}: {error}")
        outcome.answers = self.crowd.ledger.since(began)
        outcome.faults += outcome.answers.wrong(but=outcome.may_be) + (
            [f"left out: {outcome.left_out}"] if outcome.left_out else []
        )
        self.outcomes.append(outcome)
        return outcome

    def times(self, outcome: Outcome, many: int, few: int) -> Iterator[int]:
        """So often, or as often as there is time; counted."""
        for number in range(few if self.short else many):
            if time.monotonic() > self.until:
                outcome.faults.append(f"out of time after {number} of {few if self.short else many}")
                return
            outcome.times += 1
            yield number

    def pause(self, most: float) -> None:
        """A moment of any length up to so many seconds."""
        time.sleep(self.chance.uniform(0, most))
