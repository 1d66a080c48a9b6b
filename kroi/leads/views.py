"""Where shoppers ask: about one car, or from the contact page."""

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from kroi.catalogue import queries as catalogue
from kroi.catalogue import words
from kroi.catalogue.models import Car
from kroi.catalogue.rules import HIDDEN, SOLD
from kroi.core.errors import NotFound
from kroi.db.transaction import run_in_transaction
from kroi.dealerships.locations import words as places
from kroi.dealerships.rules import Profile
from kroi.leads import queries, service
from kroi.leads.asking import forms as asking
from kroi.leads.forms import InquiryForm, Ticket
from kroi.leads.intake import rules as intake
from kroi.leads.own_page import rules as own_pages
from kroi.leads.rules import Campaign, Interest, Source
from kroi.leads.service import Receipt
from kroi.leads.visits import queries as visits
from kroi.leads.visits.booking import Taken
from kroi.web.htmx import done, see, show, wants_fragment
from kroi.web.settings import settings
from kroi.web.urls import url_for

shop = Blueprint("leads", __name__)

_ON_A_CAR = (Interest.QUESTION, Interest.TEST_DRIVE, Interest.TRADE_IN)
_ON_A_SOLD_CAR = (Interest.NOTIFY,)
_BY_LINK = (Interest.FINANCE, Interest.CALL_BACK)  # from the calculator and the phone number of a car on sale
_ALONE = (Interest.QUESTION, Interest.TRADE_IN, Interest.CALL_BACK)
Strip = dict[str, object]


@shop.get("/cars/<slug>/inquiry")
def ask(slug: str) -> Response:
    """The form about one car, for its page or as a page."""
    car = _car(slug)
    if car.status in HIDDEN:
        raise _no_such_car()
    if car.slug != slug:
        return see(url_for(".ask", slug=car.slug))
    form = _new_form(_offered(car))
    form.looking_for.data = car.title
    return _ask(form, car)


@shop.post("/cars/<slug>/inquiry")
def submit(slug: str) -> Response:
    """A shopper asks about one car, whatever has become of it since the form was opened."""
    car, form = _car(slug), InquiryForm.submitted()
    ticket = Ticket.read(form.submission.data or "")
    if ticket is None and car.status in HIDDEN:
        raise _no_such_car()
    receipt = _taken_in(form, ticket, Source.WEBSITE_CAR, car)
    if receipt is None:
        return _ask(form.offering(_offered(car)), car, ticket=ticket, status=422)
    return _private(
        done(
            "leads/_thanks.html",
            instead=url_for(".thanks", slug=car.slug, reference=receipt.reference, key=receipt.own_page or None),
            reference=receipt.reference,
            own=_own_page(receipt.own_page),
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
    receipt = _taken_in(form, ticket, Source.WEBSITE_CONTACT, None)
    if receipt is None:
        return _contact(form.offering(_ALONE), ticket=ticket, status=422)
    return _private(see(url_for(".written", reference=receipt.reference, key=receipt.own_page or None)))


@shop.get("/contact/thanks")
def written() -> Response:
    """What happens next."""
    return _thanks(None)


def _taken_in(form: InquiryForm, ticket: Ticket | None, source: Source, car: Car | None) -> Receipt | None:
    """Store what was sent; `None` when something is wrong with it, which the form's fields say then."""
    fine, limit = form.validate(), settings().inquiry_limit
    if ticket is None:
        return None
    sending = asking.sending(ticket, source)
    brought = asking.take_photos(form, sending, limit=limit)
    if not fine or form.photos.errors:
        return None
    draft = form.draft(brought)
    try:
        # Once more after a deadlock is safe: the form's ticket makes a second time a resend.
        return run_in_transaction(lambda: service.submit(draft, sending, car=car, limit=limit))
    except Taken as taken:
        form.slot.errors = [_("%(why)s Choose another, or send without a time.", why=taken.sentence)]
        return None


def _ask(form: InquiryForm, car: Car, *, ticket: Ticket | None = None, status: int = 200) -> Response:
    stale = _renew(form, ticket) and status == 422
    form.offer_slots(visits.list_free(car))
    page = show(
        "leads/ask.html",
        fragment="leads/_inquiry.html",
        status=status,
        form=form,
        stale=stale,
        strip=_strip(car),
        heading=_("Tell me about the next one") if car.status in SOLD else _("Ask about this car"),
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
        places=places.cards(_profile()),
    )
    return _not_stored(page)


def _thanks(strip: Strip | None) -> Response:
    """Reference and link only repeat what the address says; nothing is looked up by them."""
    said = request.args.get("reference", "")
    reference = said if intake.is_reference(said) else ""
    own = _own_page(request.args.get("key", ""))
    return _private(show("leads/thanks.html", strip=strip, reference=reference, own=own, level=1))


def _own_page(key: str) -> str:
    return url_for("own_page.show", key=key) if own_pages.is_key(key) else ""


def _new_form(offered: tuple[Interest, ...]) -> InquiryForm:
    wanted = request.args.get("interest", "")
    linked = () if offered == _ON_A_SOLD_CAR else _BY_LINK
    chosen = wanted if wanted in (*offered, *linked) else offered[0].value
    form = InquiryForm(data={"interest": chosen}).offering(offered)
    form.prefill(request.args)
    return form


def _renew(form: InquiryForm, ticket: Ticket | None) -> bool:
    """Give a form without a ticket that counts a new one; did it need one?"""
    if ticket is None:
        form.submission.data = Ticket.new(_profile().privacy_version, asking.campaign(Campaign())).signed()
    return ticket is None


def _car(slug: str) -> Car:
    found = queries.find_car(slug)
    if found is None:
        raise _no_such_car()
    return found


def _strip(car: Car) -> Strip | None:
    """The car beside a form, if the public may see it: a draft that somebody asks about stays unseen."""
    if car.status in HIDDEN:
        return None
    return {
        "name": car.title,
        "href": url_for("catalogue.show", slug=car.slug),
        "price": words.price(car.price_cents),
        "line": words.line(car),
        "photo": catalogue.picture(car.cover),
    }


def _offered(car: Car) -> tuple[Interest, ...]:
    return _ON_A_SOLD_CAR if car.status in SOLD else _ON_A_CAR


def _no_such_car() -> NotFound:
    return NotFound(_("The car may have been sold, or the address has a typing error."))


def _profile() -> Profile:
    found: Profile = g.profile
    return found


def _private(response: Response) -> Response:
    """Told to no other site that it was here, since its address holds a key."""
    response.headers["Referrer-Policy"] = "same-origin"
    return _not_stored(response)


def _not_stored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
