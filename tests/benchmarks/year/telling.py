"""A year out of a seed, as batches of rows ready to be written."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from kroi.leads.people.models import PairState, PersonPair
from kroi.leads.people.rules import Reason
from tests.benchmarks.year import deeds, people, views
from tests.benchmarks.year.rows import Batch, Rows
from tests.benchmarks.year.stories import House, Story

_RETURNING = 0.25
_LOOK_ALIKE = 60  # one person in so many looks like one before
_VIEWS_A_LEAD = 100
_AT_ONCE = 2_000  # leads


def year(rows: Rows, house: House, leads: int, seed: int = 1, *, visited: bool = True) -> Iterator[Batch]:
    """`leads` leads of the 365 days before now, in the order in which they came, and a hundred views for each.

    Without the views (`visited`) a second year fits beside a first.
    """
    random = Random(f"year:{seed}:{rows.first}")
    known: list[people.Shopper] = []
    held: set[tuple[int, object]] = set()
    for number, at in enumerate(_moments(random, house.now, leads)):
        returns = bool(known) and random.random() < _RETURNING
        who = random.choice(known) if returns else _somebody(rows, random, known, at)
        deeds.tell(Story(rows, random, house, who, rows.first + number, at, returns), held)
        if number % _AT_ONCE == 0:
            yield from rows.taken()
    if visited:
        views.add(rows, random, house, leads * _VIEWS_A_LEAD)
    yield from rows.taken()
    yield from rows.chain()


def _moments(random: Random, now: datetime, count: int) -> list[datetime]:
    """When they came: evenly over the year, by day rather than by night."""
    whole = timedelta(days=views.DAYS) - timedelta(minutes=5)
    found = []
    for _ in range(count):
        at = now - whole * random.random()
        if at.hour < 6 and random.random() < 0.8:
            at += timedelta(hours=10) if now - at > timedelta(hours=10) else timedelta()
        found.append(at)
    return sorted(found)


def _somebody(rows: Rows, random: Random, known: list[people.Shopper], at: datetime) -> people.Shopper:
    who = people.new(rows, random, rows.first + len(known), at)
    if known and random.randrange(_LOOK_ALIKE) == 0:
        other = random.choice(known)
        rows.add(
            PersonPair, one_id=other.id, other_id=who.id, reasons=[Reason.NAME.value, Reason.NOTHING_AGAINST.value],
            state=PairState.OPEN if random.random() < 0.5 else PairState.DISMISSED, made_at=at, decided_at=None,
            decided_by_id=None,
        )  # fmt: skip
    known.append(who)
    return who
