"""Decisions about leads, without a database or the web."""

from kroi.leads.rules.campaigns import Campaign
from kroi.leads.rules.drafts import InquiryDraft, Sending
from kroi.leads.rules.spam import SpamReason
from kroi.leads.rules.values import OPEN, CallOutcome, Interest, LeadStatus, LostReason, Priority, Source
from kroi.leads.rules.wishes import CallTime, Condition, OwnCar, OwnPhoto, Wish

__all__ = [
    "OPEN",
    "CallOutcome",
    "CallTime",
    "Campaign",
    "Condition",
    "InquiryDraft",
    "Interest",
    "LeadStatus",
    "LostReason",
    "OwnCar",
    "OwnPhoto",
    "Priority",
    "Sending",
    "Source",
    "SpamReason",
    "Wish",
]
