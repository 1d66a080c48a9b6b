"""What notifications do when something happens elsewhere: they write rows, and the worker sends later."""

from kroi.leads.events import InquirySubmitted
from kroi.notifications import service


def on_inquiry(event: InquirySubmitted) -> None:
    """A shopper asked."""
    service.tell_of_lead(event.lead_id)
