"""Decisions about who somebody is: how contacts compare, and what speaks for one person."""

from kroi.leads.people.rules.contacts import Contact, Keys, can_exist, e164, keys
from kroi.leads.people.rules.matching import Kind, Reason, Verdict, judge

__all__ = ["Contact", "Keys", "Kind", "Reason", "Verdict", "can_exist", "e164", "judge", "keys"]
