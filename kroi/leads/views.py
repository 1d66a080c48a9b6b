"""Where shoppers ask: about one car, or from the contact page."""

import ipaddress
from datetime import time

from babel.dates import get_day_names
from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from kroi.catalogue import queries as catalogue
from kroi.catalogue import words
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.core.errors import NotFound
from kroi.db.transaction import run_in_transaction
from kroi.dealerships.rules import WEEKDAYS, Profile
from kroi.leads import queries, service
from kroi.leads.forms import InquiryForm, Ticket
from kroi.leads.intake import rules as intake
from kroi.leads.rules import Campaign, Interest, Sending, Source, campaigns
from kroi.leads.service import Receipt
from kroi.web import filters, place, tokens
from kroi.web.htmx import done, see, show, wants_fragment
from kroi.web.settings import settings
from kroi.web.urls import url_for

shop = Blueprint("leads", __name__)

_ON_A_CAR = (Interest.QUESTION, Interest.TEST_DRIVE, Interest.TRADE_IN)
_ON_A_SOLD_CAR = (Interest.NOTIFY,)
_BY_LINK = (Interest.FINANCE, Interest.CALL_BACK)  # from the calculator and the phone number of a car on sale
_ALONE = (Interest.QUESTION, Interest.TRADE_IN, Interest.CALL_BACK)
Strip = dict[str, object]
_HIDDEN = (CarStatus.DRAFT, CarStatus.WITHDRAWN)
_SOLD = (CarStatus.SOLD, CarStatus.DELIVERED)


@shop.get("/cars/<slug>/inquiry")
def ask(slug: str) -> Response:
    """The form about one car, for its page or as a page."""
    car = _car(slug)
    if car.status in _HIDDEN:
        raise _no_such_car()
    if car.slug != slug:
        return see(url_for(".ask", slug=car.slug))
    return _ask(_new_form(_offered(car)), car)


@shop.post("/cars/<slug>/inquiry")
def submit(slug: str) -> Response:
    """A shopper asks about one car, whatever has become of it since the form was opened."""
    car, form = _car(slug), InquiryForm.submitted()
    ticket = Ticket.read(form.submission.data or "")
    if ticket is None and car.status in _HIDDEN:
        raise _no_such_car()
    if not form.validate() or ticket is None:
        return _ask(form.offering(_offered(car)), car, ticket=ticket, status=422)
    receipt = _submit(form, ticket, Source.WEBSITE_CAR, car)
    return _not_stored(
        done(
            "leads/_thanks.html",
            instead=url_for(".thanks", slug=car.slug, reference=receipt.reference),
            reference=receipt.reference,
            level=2,
        )
    )


@shop.get("/cars/<slug>/inquiry/thanks")
def thanks(slug: str) -> Response:
    """What happens next."""
    return _thanks(_strip(_car(slug)))


@shop.get("/contact")
def contact() -> Response:
    """Where we are, when we are open, and a form."""
    return _contact(_new_form(_ALONE))


@shop.post("/contact")
def write() -> Response:
    """A shopper asks about no car in particular."""
    form = InquiryForm.submitted()
    ticket = Ticket.read(form.submission.data or "")
    if not form.validate() or ticket is None:
        return _contact(form.offering(_ALONE), ticket=ticket, status=422)
    receipt = _submit(form, ticket, Source.WEBSITE_CONTACT, None)
    return _not_stored(see(url_for(".written", reference=receipt.reference)))


@shop.get("/contact/thanks")
def written() -> Response:
    """What happens next."""
    return _thanks(None)


def _submit(form: InquiryForm, ticket: Ticket, source: Source, car: Car | None) -> Receipt:
    draft, sending, limit = form.draft(), _sending(ticket, source), settings().inquiry_limit
    # Once more after a deadlock is safe: the form's ticket makes a second time a resend.
    return run_in_transaction(lambda: service.submit(draft, sending, car=car, limit=limit))


def _ask(form: InquiryForm, car: Car, *, ticket: Ticket | None = None, status: int = 200) -> Response:
    stale = _renew(form, ticket) and status == 422
    page = show(
        "leads/ask.html",
        fragment="leads/_inquiry.html",
        status=status,
        form=form,
        stale=stale,
        strip=_strip(car),
        heading=_("Tell me about the next one") if car.status in _SOLD else _("Ask about this car"),
        action=url_for(".submit", slug=car.slug),
        in_place=wants_fragment(),
    )
    return _not_stored(page)


def _contact(form: InquiryForm, *, ticket: Ticket | None = None, status: int = 200) -> Response:
    stale = _renew(form, ticket) and status == 422
    page = show(
        "leads/contact.html",
        status=status,
        form=form,
        stale=stale,
        action=url_for(".write"),
        in_place=False,
        heading=_("Write to us"),
        hours=_hours(_profile()),
    )
    return _not_stored(page)


def _thanks(strip: Strip | None) -> Response:
    """The reference only repeats what the address says; nothing is looked up by it."""
    said = request.args.get("reference", "")
    reference = said if intake.is_reference(said) else ""
    return _not_stored(show("leads/thanks.html", strip=strip, reference=reference, level=1))


def _new_form(offered: tuple[Interest, ...]) -> InquiryForm:
    wanted = request.args.get("interest", "")
    linked = () if offered == _ON_A_SOLD_CAR else _BY_LINK
    chosen = wanted if wanted in (*offered, *linked) else offered[0].value
    return InquiryForm(data={"interest": chosen}).offering(offered)


def _renew(form: InquiryForm, ticket: Ticket | None) -> bool:
    """Give a form without a ticket that counts a new one; did it need one?"""
    if ticket is None:
        form.submission.data = Ticket.new(_profile().privacy_version, _campaign(Campaign())).signed()
    return ticket is None


def _car(slug: str) -> Car:
    found = queries.find_car(slug)
    if found is None:
        raise _no_such_car()
    return found


def _strip(car: Car) -> Strip | None:
    """The car beside a form, if the public may see it: a draft that somebody asks about stays unseen."""
    if car.status in _HIDDEN:
        return None
    return {
        "name": car.title,
        "href": url_for("catalogue.show", slug=car.slug),
        "price": words.price(car.price_cents),
        "line": words.line(car),
        "photo": catalogue.picture(car.cover),
    }


def _offered(car: Car) -> tuple[Interest, ...]:
    return _ON_A_SOLD_CAR if car.status in _SOLD else _ON_A_CAR


def _no_such_car() -> NotFound:
    return NotFound(_("The car may have been sold, or the address has a typing error."))


def _sending(ticket: Ticket, source: Source) -> Sending:
    return Sending(
        nonce=ticket.nonce,
        made_at=ticket.made_at,
        source=source,
        language=place.current().language,
        privacy_version=ticket.privacy_version,
        address=_address(),
        campaign=_campaign(ticket.campaign),
    )


def _campaign(known: Campaign) -> Campaign:
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


def _hours(profile: Profile) -> list[tuple[str, str]]:
    """Each weekday with its opening hours in words."""
    names = get_day_names("wide", "stand-alone", locale=place.current().language)
    return [(str(names[day]), _open_at(profile.intervals(day))) for day in WEEKDAYS]


def _open_at(intervals: list[tuple[time, time]]) -> str:
    spans = [f"{filters.wall_time(start)}–{filters.wall_time(end)}" for start, end in intervals]
    return ", ".join(spans) or str(_("closed"))


def _profile() -> Profile:
    found: Profile = g.profile
    return found


def _not_stored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
