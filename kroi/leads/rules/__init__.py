"""Decisions about leads, without a database or the web."""

from kroi.leads.rules.values import OPEN, CallOutcome, Interest, LeadStatus, LostReason, Priority, Source

__all__ = ["OPEN", "CallOutcome", "Interest", "LeadStatus", "LostReason", "Priority", "Source"]
