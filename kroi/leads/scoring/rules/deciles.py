"""What a score foretold: past leads in ten groups of equal size, the best first, and the share of each that was won."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

GROUPS = 10
LEAST = 20  # leads decided before ten groups of them say anything


@dataclass(frozen=True)
class Decile:
    """One group. `won` is its share, 0 to 1; `best` and `least` are the scores that bound it."""

    number: int
    best: int
    least: int
    won: float


def deciles(judged: Iterable[tuple[int, bool]]) -> list[Decile]:
    """Leads as (score, won), in ten groups. Leads of one score that fall into two groups are parted evenly.

    So the order among equals, which no score gives, changes nothing. Empty for fewer than `LEAST` leads.
    """
    leads = sorted(judged, reverse=True)
    if len(leads) < LEAST:
        return []
    size, shares = len(leads) / GROUPS, _evened(leads)
    return [
        Decile(
            place + 1,
            leads[min(int(place * size), len(leads) - 1)][0],
            leads[max(int((place + 1) * size - 1e-9), 0)][0],
            _between(shares, place * size, (place + 1) * size) / size,
        )
        for place in range(GROUPS)
    ]


def _evened(leads: Sequence[tuple[int, bool]]) -> list[float]:
    """For each lead the share won among those of its score."""
    found: list[float] = []
    for _, equals in groupby(leads, key=lambda lead: lead[0]):
        won = [lead[1] for lead in equals]
        found += [sum(won) / len(won)] * len(won)
    return found


def _between(shares: Sequence[float], start: float, end: float) -> float:
    """The sum of `shares` from one place to another; a place between two leads takes a part of one."""
    return sum(
        share * (min(end, place + 1) - max(start, place))
        for place, share in enumerate(shares[int(start) : int(end) + 1], int(start))
        if place < end
    )
