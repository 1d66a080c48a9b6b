"""What scores make of what happens to leads."""

from kroi.db.model import session
from kroi.leads.events import InquirySubmitted
from kroi.leads.models import Lead
from kroi.leads.scoring import queries, service


def on_inquiry(event: InquirySubmitted) -> None:
    """Somebody asked once more, perhaps with a number: their other open leads are judged by what is known now."""
    for other in queries.lock_others_of(session.get_one(Lead, event.lead_id)):
        service.see_again(other)
