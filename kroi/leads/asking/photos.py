"""The photos that come with a form: looked at only when the rest is no spam, and kept when the form comes back."""

from flask_babel import gettext as _

from kroi.catalogue.photos import rules as pictures
from kroi.catalogue.photos import service as catalogue_photos
from kroi.core import clock
from kroi.leads import queries
from kroi.leads.forms import InquiryForm
from kroi.leads.rules import Interest, OwnPhoto, Sending, spam
from kroi.leads.wishes import photos
from kroi.leads.wishes.forms import MOST_PHOTOS


def take(form: InquiryForm, sending: Sending, *, limit: int) -> tuple[OwnPhoto, ...]:
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
