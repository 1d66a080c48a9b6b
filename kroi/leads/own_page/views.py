"""The shopper's own page: what they asked, what we answered, their visits, more to say, and the way out."""

from typing import Any

from flask import Blueprint, Response, make_response, request
from flask_babel import gettext as _

from kroi.catalogue import queries as catalogue
from kroi.catalogue import words as car_words
from kroi.catalogue.models import Car
from kroi.catalogue.rules import HIDDEN
from kroi.core import clock
from kroi.core.errors import Conflict, Invalid, NotFound
from kroi.db.transaction import transaction
from kroi.leads.models import Lead
from kroi.leads.offers import queries as wanted_offers
from kroi.leads.own_page import conversation, queries, service
from kroi.leads.own_page.forms import WriteForm
from kroi.leads.rules import lines
from kroi.leads.visits import calendars, rules, words
from kroi.leads.visits import queries as visits
from kroi.leads.visits.booking import Taken
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus
from kroi.leads.words import INTERESTS
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

shop = Blueprint("own_page", __name__, url_prefix="/my")


@shop.after_request
def _keep_private(response: Response) -> Response:
    """Nobody keeps these pages, finds them, or hears of their addresses."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@shop.errorhandler(NotFound)
def gone(refusal: NotFound) -> Response:
    """Whatever is wrong with a link, it is answered alike, and its address is not repeated."""
    return show("leads/own/gone.html", status=404, sentence=refusal.sentence)


@shop.get("/<key>", endpoint="show")
def own(key: str) -> Response:
    """All about one inquiry, for who asked it."""
    return _page(key, queries.get_lead(key))


@shop.post("/<key>/messages")
def write(key: str) -> Response:
    """One more message to us."""
    form = WriteForm.submitted()
    if not form.validate():
        return _page(key, queries.get_lead(key), form=form, status=422)
    with transaction():
        service.write(queries.get_lead(key, lock=True), lines.many_lines(form.message.data or ""))
    return _back(key, "messages")


@shop.post("/<key>/visits/<int:visit_id>")
def visit(key: str, visit_id: int) -> Response:
    """Come at another time, or not at all."""
    what, slot = typed(request.form, "do"), rules.read(typed(request.form, "slot"))
    if what not in ("cancel", "move"):
        raise Invalid(_("Choose one of these"))
    if what == "move" and slot is None:
        return _page(key, queries.get_lead(key), trouble=_("Choose one of these times"), status=422)
    try:
        with transaction():
            lead = queries.get_lead(key, lock=True)
            found = visits.lock(lead.id, visit_id)
            if slot is not None and what == "move":
                service.move_visit(lead, found, slot)
            else:
                service.cancel_visit(lead, found)
    except Conflict as refused:
        status = 422 if isinstance(refused, Taken) else 409
        return _page(key, queries.get_lead(key), trouble=refused.sentence, status=status)
    return _back(key, "visits")


@shop.get("/<key>/visits/<int:visit_id>.ics")
def calendar(key: str, visit_id: int) -> Response:
    """A visit for the shopper's calendar."""
    found = visits.get(queries.get_lead(key).id, visit_id)
    response = make_response(calendars.write(found, visits.place_of(found.car_id)))
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


@shop.post("/<key>/offers")
def no_offers(key: str) -> Response:
    """The shopper wants no more offers."""
    with transaction():
        service.refuse_offers(queries.get_lead(key))
    return _back(key, "offers")


@shop.get("/<key>/erasure")
def erasure(key: str) -> Response:
    """Ask once more before somebody is to be erased."""
    lead = queries.get_lead(key)
    return show("leads/own/erasure.html", key=key, lead=lead, asked=queries.find_erasure(lead.id))


@shop.post("/<key>/erasure")
def erase(key: str) -> Response:
    """The shopper wants to be erased."""
    with transaction():
        service.ask_erasure(queries.get_lead(key, lock=True))
    return see(url_for(".erasure", key=key))


def _back(key: str, section: str) -> Response:
    return see(url_for(".show", key=key, _anchor=section))


def _page(key: str, lead: Lead, *, form: WriteForm | None = None, trouble: str = "", status: int = 200) -> Response:
    booked = visits.list_of_lead(lead.id)
    return show(
        "leads/own/page.html",
        status=status,
        key=key,
        lead=lead,
        interest=INTERESTS[lead.interest],
        strip=_strip(lead.car) if lead.car else None,
        said=conversation.list_said(lead),
        visits=booked,
        slots=_other_times(booked),
        erasure=queries.find_erasure(lead.id),
        no_offers_since=None if lead.marketing else wanted_offers.find_taken_back(lead.id),
        form=form or WriteForm(),
        trouble=trouble,
        may_change=_may_change,
        words=words,
    )


def _may_change(visit: Appointment) -> bool:
    return visit.status is VisitStatus.BOOKED and visit.starts_at > clock.now()


def _other_times(booked: list[Appointment]) -> list[tuple[str, str]]:
    """Free times of the car that somebody has booked, as value and words."""
    found = next((each for each in booked if _may_change(each) and each.car), None)
    free = visits.list_free(found.car) if found and found.car else []
    return [(rules.write(each.starts_at), words.when(each.starts_at)) for each in free]


def _strip(car: Car) -> dict[str, Any] | None:
    """The car, unless the public may not see it any more."""
    if car.status in HIDDEN:
        return None
    return {
        "name": car.title,
        "href": url_for("catalogue.show", slug=car.slug),
        "price": car_words.price(car.price_cents),
        "line": car_words.line(car),
        "photo": catalogue.picture(car.cover),
    }
