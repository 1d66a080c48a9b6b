"""What was said about a lead between the shopper and us, as the shopper may read it."""

from dataclasses import dataclass
from datetime import datetime

from kroi.leads.models import Lead
from kroi.leads.own_page import queries


@dataclass(frozen=True)
class Said:
    """One message: when, by the shopper or by us, in these words."""

    at: datetime
    by_us: bool
    text: str


def list_said(lead: Lead) -> list[Said]:
    """All messages of a lead, the oldest first: the first question, what they wrote here, what we answered."""
    said = [Said(lead.received_at, False, lead.message)] if lead.message else []
    said += [Said(line.at, False, line.text or "") for line in queries.list_written(lead.id)]
    said += [Said(mail.at, True, mail.text) for mail in queries.list_answers(lead.id)]
    return sorted(said, key=lambda each: each.at)
