"""Decisions about leads, without a database or the web."""

from kroi.leads.rules.campaigns import Campaign
from kroi.leads.rules.drafts import InquiryDraft, Sending
from kroi.leads.rules.spam import SpamReason
from kroi.leads.rules.values import OPEN, CallOutcome, Interest, LeadStatus, LostReason, Priority, Source

__all__ = [
    "OPEN",
    "CallOutcome",
    "Campaign",
    "InquiryDraft",
    "Interest",
    "LeadStatus",
    "LostReason",
    "Priority",
    "Sending",
    "Source",
    "SpamReason",
]
