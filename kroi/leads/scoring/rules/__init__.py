"""Decisions about scores, without a database or the web."""

from kroi.leads.scoring.rules.evidence import Evidence, has_link, is_throwaway
from kroi.leads.scoring.rules.points import RULE_SET_1, Reason, RuleSet, Score, judge

__all__ = ["RULE_SET_1", "Evidence", "Reason", "RuleSet", "Score", "has_link", "is_throwaway", "judge"]
