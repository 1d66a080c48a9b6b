"""Where staff see who comes, and agree on times."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, request
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.kept.access import kept
from kroi.core import clock
from kroi.core.errors import Invalid
from kroi.db.transaction import transaction
from kroi.leads import access, queries
from kroi.leads.models import Lead
from kroi.leads.own_page import queries as own_pages
from kroi.leads.own_page import service as own_page
from kroi.leads.visits import calendars, service, words
from kroi.leads.visits import queries as visits
from kroi.leads.visits.forms import VisitForm
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import public_url, url_for

staff = Blueprint("visits_staff", __name__, url_prefix="/staff")

_AHEAD = timedelta(days=14)
_DEEDS: dict[str, Callable[[Lead, Appointment], None]] = {
    "confirm": service.confirm,
    "cancel": service.cancel,
    "done": lambda lead, visit: service.close(lead, visit, VisitStatus.DONE),
    "no_show": lambda lead, visit: service.close(lead, visit, VisitStatus.NO_SHOW),
}


@staff.get("/visits/")
@allow(Permission.READ_LEADS)
@kept
def coming() -> Response:
    """Who comes in the next two weeks; sales see their own and the free ones."""
    day = clock.start_of_day(clock.today(g.profile.zone), g.profile.zone)
    mine = None if may(me(), Permission.WORK_ALL_LEADS) else me().id
    return show(
        "leads/visits/coming.html",
        visits=visits.list_between(day, day + _AHEAD, mine),
        erasures=own_pages.list_erasures() if may(me(), Permission.ERASE_PEOPLE) else [],
        words=words,
    )


@staff.get("/leads/<int:lead_id>/visits/")
@allow(Permission.READ_LEADS)
def of_lead(lead_id: int) -> Response:
    """The visits of one lead, what they asked for beyond words, and their own page."""
    return _page(queries.get(lead_id))


@staff.post("/leads/<int:lead_id>/visits/")
@allow(Permission.WORK_LEADS)
def add(lead_id: int) -> Response:
    """Agree on a time."""
    form = VisitForm.submitted()
    if not form.validate():
        return _page(queries.get(lead_id), form=form, status=422)
    with transaction():
        service.add(access.work(lead_id), form.starts_at())
    return _back(lead_id, _("The visit stands."))


@staff.post("/leads/<int:lead_id>/visits/<int:visit_id>")
@allow(Permission.WORK_LEADS)
def change(lead_id: int, visit_id: int) -> Response:
    """Confirm a visit, move it, cancel it, or say what became of it."""
    what, form = typed(request.form, "do"), VisitForm.submitted()
    if what == "move" and not form.validate():
        return _page(queries.get(lead_id), form=form, status=422)
    if what != "move" and what not in _DEEDS:
        raise Invalid(_("Choose one of these"))
    with transaction():
        lead = access.work(lead_id)
        visit = visits.lock(lead_id, visit_id)
        if what == "move":
            service.move(lead, visit, form.starts_at())
        else:
            _DEEDS[what](lead, visit)
    return _back(lead_id, _("Saved."))


@staff.get("/leads/<int:lead_id>/visits/<int:visit_id>.ics")
@allow(Permission.READ_LEADS)
def calendar(lead_id: int, visit_id: int) -> Response:
    """A visit for one's own calendar."""
    found = visits.get(lead_id, visit_id)
    response = make_response(calendars.write(found, visits.place_of(found.car_id)))
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


@staff.post("/leads/<int:lead_id>/own-page")
@allow(Permission.WORK_LEADS)
def new_key(lead_id: int) -> Response:
    """A new link to the shopper's own page; the one before is dead."""
    with transaction():
        key = own_page.rotate(access.work(lead_id))
    return _page(queries.get(lead_id), link=public_url(url_for("own_page.show", key=key)))


def _back(lead_id: int, said: str) -> Response:
    flash(said)
    return see(url_for(".of_lead", lead_id=lead_id))


def _page(lead: Lead, *, form: VisitForm | None = None, link: str = "", status: int = 200) -> Response:
    context: dict[str, Any] = {
        "lead": lead,
        "works": access.may_work(lead),
        "visits": visits.list_of_lead(lead.id),
        "form": form or VisitForm(),
        "link": link,
        "page": own_pages.find(lead.id),
        "erasure": own_pages.find_erasure(lead.id),
        "words": words,
        "now": clock.now(),
    }
    return show("leads/visits/lead.html", status=status, **context)
