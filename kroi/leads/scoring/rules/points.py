"""Points for evidence, as data with a version; the reasons of a score always add up to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kroi.leads.rules import Interest, Priority
from kroi.leads.scoring.rules.evidence import Evidence

START = "start"
BOUND = "bound"
PIN = "pin"
RULES = "rules"


@dataclass(frozen=True)
class RuleSet:
    """Where a score starts, what each piece of evidence adds, its bounds, and what priority it makes."""

    version: int
    start: int
    points: Mapping[str, int]
    bounds: tuple[int, int]
    priorities: Mapping[str, int]
    """Priority to the least score that has it."""
    at_least: Mapping[str, str]
    """Interest to the least priority that it has."""

    def data(self) -> dict[str, Any]:
        """The rule set as JSON, without its version."""
        return {
            "start": self.start,
            "points": dict(self.points),
            "bounds": list(self.bounds),
            "priorities": dict(self.priorities),
            "at_least": dict(self.at_least),
        }

    @classmethod
    def from_data(cls, version: int, data: Mapping[str, Any]) -> "RuleSet":
        """The rule set that `data` wrote down."""
        low, high = data["bounds"]
        return cls(version, data["start"], data["points"], (low, high), data["priorities"], data["at_least"])


RULE_SET_1 = RuleSet(
    version=1,
    start=20,
    points={
        "car": 15,
        "test_drive": 20,
        "call_back": 15,
        "trade_in": 10,
        "finance": 10,
        "phone": 15,
        "long_message": 5,
        "asked_before": 10,
        "new_on_sale": 5,
        "throwaway": -15,
        "link": -20,
        "fast": -30,
    },
    bounds=(0, 100),
    priorities={"urgent": 75, "high": 55, "normal": 35, "low": 0},
    at_least={"test_drive": "high", "call_back": "high"},
)


@dataclass(frozen=True)
class Reason:
    """One line of a score's receipt."""

    code: str
    points: int


@dataclass(frozen=True)
class Score:
    """A lead's score with its reasons, which add up to `value`, and the version of the rules that made it."""

    value: int
    reasons: tuple[Reason, ...]
    priority: Priority
    version: int
    by: str = RULES
    """Which kind of judge: the rules, or a learnt card."""

    def data(self) -> list[dict[str, Any]]:
        """The reasons as JSON."""
        return [{"code": each.code, "points": each.points} for each in self.reasons]


def judge(evidence: Evidence, rules: RuleSet) -> Score:
    """The score that this evidence earns under these rules."""
    reasons = [Reason(START, rules.start)]
    reasons += [Reason(code, rules.points[code]) for code in _codes(evidence) if code in rules.points]
    value, reasons = bounded(reasons, rules.bounds)
    priority = priority_of(value, evidence.interest, rules.priorities, rules.at_least, top=rules.bounds[1])
    return Score(value, tuple(reasons), priority, rules.version)


def bounded(reasons: list[Reason], bounds: tuple[int, int]) -> tuple[int, list[Reason]]:
    """The score that these reasons make, and the reasons with the bound among them where it was needed."""
    total = sum(each.points for each in reasons)
    value = min(max(total, bounds[0]), bounds[1])
    return value, [*reasons, Reason(BOUND, value - total)] if value != total else reasons


def pinned(judged: Score, value: int, interest: Interest, rules: RuleSet) -> Score:
    """The same score, set by a person to `value`: one more reason makes up the difference."""
    reasons = (*judged.reasons, Reason(PIN, value - judged.value))
    priority = priority_of(value, interest, rules.priorities, rules.at_least, top=rules.bounds[1])
    return Score(value, reasons, priority, judged.version, judged.by)


def _codes(evidence: Evidence) -> list[str]:
    found = {
        "car": evidence.about_car,
        evidence.interest.value: evidence.interest in _EARNS,
        "phone": evidence.phone_can_exist,
        "long_message": evidence.long_message,
        "asked_before": evidence.asked_before,
        "new_on_sale": evidence.new_on_sale,
        "throwaway": evidence.throwaway,
        "link": evidence.link,
        "fast": evidence.fast,
    }
    return [code for code, true in found.items() if true]


_EARNS = (Interest.TEST_DRIVE, Interest.CALL_BACK, Interest.TRADE_IN, Interest.FINANCE)
_RANKS = list(Priority)  # from urgent to low


def priority_of(
    value: int, interest: Interest, least_scores: Mapping[str, int], at_least: Mapping[str, str], *, top: int
) -> Priority:
    """What a score makes urgent; some interests are at least so urgent, whatever their score."""
    earned = next((each for each in _RANKS if value >= least_scores.get(each.value, top + 1)), Priority.LOW)
    least = Priority(at_least.get(interest.value, Priority.LOW.value))
    return min(earned, least, key=_RANKS.index)
