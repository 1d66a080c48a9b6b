"""What the round does when a lead comes, or comes back."""

from kroi.leads import queries as leads
from kroi.leads.assignment import service
from kroi.leads.events import InquirySubmitted, LeadReturned


def on_inquiry(event: InquirySubmitted) -> None:
    """A shopper asked."""
    service.offer(leads.lock(event.lead_id))


def on_return(event: LeadReturned) -> None:
    """Nobody answered in time, so that somebody lost it."""
    service.offer(leads.lock(event.lead_id))
