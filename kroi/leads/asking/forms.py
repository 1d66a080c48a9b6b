"""What a form brings beside what was typed: how it was sent, and photos, looked at only when it is no spam."""

import ipaddress

from flask import request
from flask_babel import gettext as _

from kroi.catalogue.photos import rules as pictures
from kroi.catalogue.photos import service as catalogue_photos
from kroi.core import clock
from kroi.leads import queries
from kroi.leads.forms import InquiryForm, Ticket
from kroi.leads.rules import Campaign, Interest, OwnPhoto, Sending, Source, campaigns, spam
from kroi.leads.wishes import photos
from kroi.leads.wishes.forms import MOST_PHOTOS
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


def take_photos(form: InquiryForm, sending: Sending, *, limit: int) -> tuple[OwnPhoto, ...]:
    """The photos that this form brought, now or before it came back. What is wrong with one is said by its field.

    Call it when the form was validated. `limit` is as in `submit`.
    """
    if form.interest.data != Interest.TRADE_IN or _is_spam(form, sending, limit):
        return ()
    known = photos.read(sending.nonce, form.kept.data or "")
    files = [file for file in form.photos.data or () if file and file.filename]
    if len(known) + len(files) > MOST_PHOTOS:
        form.photos.errors = [_("Send %(most)s photos at most", most=MOST_PHOTOS)]
        files = files[: MOST_PHOTOS - len(known)]
    made, fault = photos.prepare_all(sending.nonce, (file.read(pictures.MOST_BYTES + 1) for file in files))
    if fault:
        form.photos.errors = [catalogue_photos.sentence(fault)]
    found = {each.digest: each for each in [*known, *made]}
    form.kept.data = photos.sign(sending.nonce, list(found.values())) if found else ""
    return tuple(found.values())


def _is_spam(form: InquiryForm, sending: Sending, limit: int) -> bool:
    """Making pictures takes a while: not for who fills the trap, is too fast, or sends too often."""
    now = clock.now()
    sent = queries.count_from_address(sending.address, now - spam.WINDOW) if sending.address else 0
    trap = bool(form.website.data)
    return trap or spam.is_too_much(made_at=sending.made_at, now=now, sent_before=sent, limit=limit)
