"""What happened to leads that other rooms may care about."""

from dataclasses import dataclass

from kroi.leads.rules import LeadStatus


@dataclass(frozen=True)
class InquirySubmitted:
    """A shopper asked (lead id); not published for spam."""

    lead_id: int


@dataclass(frozen=True)
class LeadAssigned:
    """A lead (id) was given to a user (id)."""

    lead_id: int
    user_id: int


@dataclass(frozen=True)
class LeadMoved:
    """A lead (id) went from one status to another."""

    lead_id: int
    before: LeadStatus
    after: LeadStatus


@dataclass(frozen=True)
class LeadReturned:
    """A lead (id) that somebody had is in the pool again because nothing happened; `why` is a code."""

    lead_id: int
    why: str


@dataclass(frozen=True)
class LeadStranded:
    """The round finds nobody for a lead (id), and a manager should know; `why` is a code of assignment's reasons."""

    lead_id: int
    why: str
