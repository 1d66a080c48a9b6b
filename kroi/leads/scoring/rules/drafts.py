"""What may be changed in the rules, within which limits, and what a change is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kroi.leads.scoring.rules.points import START, RuleSet

MOST = 100  # points that one piece of evidence may add or take


@dataclass(frozen=True)
class Change:
    """One line of the rules that a draft changes, in points."""

    code: str
    before: int
    after: int


def changed(rules: RuleSet, points: Mapping[str, int]) -> RuleSet:
    """The rules with other points; `start` is one of the codes. Raises ValueError for a code they do not have."""
    unknown = set(points) - {START, *rules.points}
    if unknown or any(abs(each) > MOST for each in points.values()):
        raise ValueError("these points fit no rule")
    kept = {code: points.get(code, each) for code, each in rules.points.items()}
    return replace(rules, start=points.get(START, rules.start), points=kept)


def changes(old: RuleSet, new: RuleSet) -> list[Change]:
    """What differs, in the order of the rules."""
    pairs = [(START, old.start, new.start)]
    pairs += [(code, old.points.get(code, 0), points) for code, points in new.points.items()]
    return [Change(code, before, after) for code, before, after in pairs if before != after]


def digest(rules: RuleSet) -> str:
    """A short name of exactly these rules, by which a page says what it showed."""
    written = json.dumps([rules.version, rules.data()], sort_keys=True)
    return hashlib.sha256(written.encode("ascii")).hexdigest()[:16]
