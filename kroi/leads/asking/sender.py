"""How an inquiry was sent: from where, brought by what, in which language."""

import ipaddress

from flask import request

from kroi.leads.forms import Ticket
from kroi.leads.rules import Campaign, Sending, Source, campaigns
from kroi.web import place, tokens


def sending(ticket: Ticket, source: Source) -> Sending:
    """All that this request says of itself, beside what was typed."""
    return Sending(
        nonce=ticket.nonce,
        made_at=ticket.made_at,
        source=source,
        language=place.current().language,
        privacy_version=ticket.privacy_version,
        address=_address(),
        campaign=campaign(ticket.campaign),
    )


def campaign(known: Campaign) -> Campaign:
    """What brought the visitor, as far as this request and the form before it know."""
    found = campaigns.read(request.values, request.referrer or "", request.host, known)
    # A form that is fetched into a car's page has that page as its referrer; the page's script names the one before.
    return campaigns.read({}, f"//{request.headers.get('X-Came-From', '')}/", request.host, found)


def _address() -> str | None:
    """Keyed digest of the sender's address; of its /64 in IPv6, since a household has no fewer."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        found = ipaddress.IPv6Network((found, 64), strict=False).network_address
    return tokens.digest("inquiry address", str(found))
