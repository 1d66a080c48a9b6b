"""What the pages about scores show: deciles of the past, lines of a chart, how a learnt model stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kroi.leads.models import RuleSet as StoredRules
from kroi.leads.scoring import rules
from kroi.leads.scoring.learnt.rules.card import Card
from kroi.leads.scoring.learnt.rules.enough import LEAST_DECIDED, LEAST_WON, Figures
from kroi.leads.scoring.models import LeadFacts, LearntModel
from kroi.leads.scoring.queries import Counts, Decided
from kroi.leads.scoring.rules import RuleSet, drafts
from kroi.leads.scoring.rules.deciles import Decile, deciles
from kroi.leads.scoring.service import Judge


@dataclass(frozen=True)
class Compared:
    """Past leads judged by two judges: groups by the one and by the other. Empty when there are too few."""

    first: Sequence[Decile]
    second: Sequence[Decile]
    leads: int
    won: int

    @property
    def top(self) -> float:
        """A round share not below the largest, for the top of a chart."""
        most = max((each.won for each in (*self.first, *self.second)), default=0.0)
        return next(top for top in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if top >= most - 1e-9)

    @property
    def overall(self) -> float:
        """The share that was won of all."""
        return self.won / self.leads if self.leads else 0.0


@dataclass(frozen=True)
class Version:
    """A version of the rules and what it changed, as codes with points before and after."""

    number: int
    made_at: datetime
    changes: Sequence[drafts.Change]


@dataclass(frozen=True)
class Learnt:
    """A learnt model as the page shows it."""

    version: int
    made_at: datetime
    used_since: datetime | None
    rules_version: int
    figures: Figures
    card: Card

    @classmethod
    def of(cls, model: LearntModel | None) -> "Learnt | None":
        """The model read from its row."""
        if model is None:
            return None
        return cls(
            model.version, model.made_at, model.used_since, model.rules_version,
            Figures.from_data(model.figures), Card.from_data(model.card),
        )  # fmt: skip

    def may_judge(self, house: RuleSet) -> bool:
        """Does it beat the rules in use?"""
        return self.figures.beats and self.rules_version == house.version


def compare(past: Sequence[Decided], first: Judge, second: Judge | None = None) -> Compared:
    """The past judged by one, and by another beside it."""
    return Compared(
        _deciles(past, first),
        _deciles(past, second) if second else [],
        len(past),
        sum(each.won for each in past),
    )


def versions(stored: Iterable[StoredRules]) -> list[Version]:
    """The versions of the rules, newest first; the oldest of them changed nothing that is known."""
    found = list(stored)
    read = [RuleSet.from_data(each.version, each.points) for each in found]
    before = [*read[1:], read[-1]] if read else []
    return [
        Version(row.version, row.created_at, drafts.changes(old, new))
        for row, new, old in zip(found, read, before, strict=True)
    ]


def missing(counts: Counts) -> tuple[int, int]:
    """How many decided leads, and won ones, are missing before a model can be learnt."""
    return max(LEAST_DECIDED - counts.decided, 0), max(LEAST_WON - counts.won, 0)


def facts_today(kept: LeadFacts | None) -> rules.Facts | None:
    """A lead's facts as they are known today, if they were kept."""
    return rules.Facts.from_data(kept.facts).with_later(kept.later) if kept else None


def _deciles(past: Sequence[Decided], judge: Judge) -> list[Decile]:
    known: dict[object, int] = {}  # of thousands of leads many are alike in all that counts
    return deciles((_value(each, judge, known), each.won) for each in past)


def _value(lead: Decided, judge: Judge, known: dict[object, int]) -> int:
    alike = judge.rests_on(lead.facts)
    if alike not in known:
        known[alike] = judge.score(lead.facts).value
    return known[alike]
