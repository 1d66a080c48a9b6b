"""Decisions about scores, without a database or the web."""

from kroi.leads.scoring.rules.evidence import Evidence, has_link, is_throwaway
from kroi.leads.scoring.rules.facts import Facts
from kroi.leads.scoring.rules.points import PIN, RULE_SET_1, RULES, Reason, RuleSet, Score, judge, pinned

__all__ = [
    "PIN",
    "RULES",
    "RULE_SET_1",
    "Evidence",
    "Facts",
    "Reason",
    "RuleSet",
    "Score",
    "has_link",
    "is_throwaway",
    "judge",
    "pinned",
]
