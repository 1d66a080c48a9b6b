"""Living through what happened, in the order in which it did: each step at its moment, by whoever did it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kroi.accounts import audit
from kroi.core import clock


@dataclass(frozen=True)
class Step:
    """Something that somebody (a key of the staff, or `None`: a shopper) does at a moment."""

    at: datetime
    by: str | None
    do: Callable[[], object]


def play(steps: Iterable[Step], staff: Mapping[str, int]) -> None:
    """Do all steps, the oldest first; of one moment in the order given. `staff` are ids by key."""
    for step in sorted(steps, key=lambda step: step.at):
        with clock.at(step.at), audit.acting_as(staff[step.by] if step.by else None):
            step.do()
