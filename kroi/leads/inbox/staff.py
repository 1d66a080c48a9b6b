"""What is done from the inbox: many leads at once, views by name, a new lead written down, the list taken out."""

from collections.abc import Callable, Generator, Iterator
from contextvars import copy_context
from typing import Any

from flask import Blueprint, Flask, Response, current_app, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from kroi.accounts import audit
from kroi.accounts.access import Permission, allow, me
from kroi.core import clock
from kroi.core.errors import Conflict, Invalid
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.leads import access, service
from kroi.leads import staff as lead_pages
from kroi.leads.inbox import queries as inbox
from kroi.leads.inbox import service as many
from kroi.leads.inbox import sheets
from kroi.leads.inbox.forms import ViewRefused, WalkInForm
from kroi.leads.inbox.rules import Deed, InboxFilter
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus, Source
from kroi.web import place
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.place import Place
from kroi.web.urls import url_for

Pieces = Generator[bytes, None, None]

staff = Blueprint("inbox_staff", __name__, url_prefix="/staff/leads")


@staff.get("/new")
@allow(Permission.WORK_LEADS)
def new() -> Response:
    """The form for somebody who came in or called."""
    return _form(WalkInForm())


@staff.post("/")
@allow(Permission.WORK_LEADS)
def add() -> Response:
    """Write down somebody who came in or called; whoever writes has the lead."""
    form = WalkInForm.submitted()
    if not form.validate():
        return _form(form, status=422)
    try:
        car = inbox.find_car(form.car.data or "")
    except Invalid as refusal:
        form.car.errors = [refusal.sentence]
        return _form(form, status=422)
    with transaction():
        lead = service.add_walk_in(form.draft(), car=car, source=Source(form.source.data), assignee=me())
    return see(url_for("leads_staff.lead", lead_id=lead.id))


@staff.post("/bulk")
@allow(Permission.WORK_LEADS)
def bulk() -> Response:
    """Do one thing to the chosen leads; what a lead's rules refuse is listed with the reason."""
    lead_ids = [int(raw) for raw in request.form.getlist("lead") if raw.isascii() and raw.isdigit() and len(raw) < 19]
    try:
        with transaction():
            done_id = many.change_many(lead_ids, _act(_deed()), me().id).id
    except Invalid as refusal:
        return lead_pages.inbox_page(refused=refusal.sentence, picked=lead_ids)
    return _back(done=done_id)


@staff.post("/bulk/<int:change_id>/undo")
@allow(Permission.WORK_LEADS)
def undo(change_id: int) -> Response:
    """Put what was done to many leads back as it was, except where somebody went on since."""
    with transaction():
        found = inbox.lock_change(change_id, me().id)
        done = many.undo(found)
    words = ngettext("Undone: %(num)s lead is as before.", "Undone: %(num)s leads are as before.", done.restored)
    if done.kept:
        stays = ngettext("%(num)s was changed since and stays.", "%(num)s were changed since and stay.", done.kept)
        words = f"{words} {stays}"
    flash(words)
    return _back()


@staff.post("/views")
@allow(Permission.READ_LEADS)
def save_view() -> Response:
    """Keep this view under a name."""
    name = typed(request.form, "name")
    try:
        with transaction():
            many.save_view(name, _wanted(), me().id)
    except Invalid as refusal:
        return lead_pages.inbox_page(view_refused=ViewRefused(None, name, refusal.sentence))
    return _back()


@staff.post("/views/<int:view_id>")
@allow(Permission.READ_LEADS)
def change_view(view_id: int) -> Response:
    """Call one of one's views something else, or delete it."""
    name = typed(request.form, "name")
    try:
        with transaction():
            view = inbox.get_view(view_id, me().id)
            if typed(request.form, "do") == "delete":
                many.delete_view(view)
            else:
                many.rename_view(view, name)
    except (Invalid, Conflict) as refusal:
        return lead_pages.inbox_page(view_refused=ViewRefused(view_id, name, refusal.sentence))
    return _back()


@staff.post("/export")
@allow(Permission.EXPORT_LEADS)
def export() -> Response:
    """The leads of this view, all pages of it, as a file for a spreadsheet."""
    wanted = _wanted()
    with transaction():
        audit.record("leads.exported", "leads", None, details={"count": inbox.count(wanted, me=me().id)})
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # its proxy says it is it
    pieces = _pieces(app, current_dealership_id(), place.current(), wanted, me().id)
    response = Response(_by_itself(pieces), mimetype="text/csv; charset=utf-8")
    name = f"leads-{clock.today(place.current().zone).isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _pieces(app: Flask, dealership_id: int, here: Place, wanted: InboxFilter, user_id: int) -> Pieces:
    """The file while it is sent, which is after the request is over: it brings its own surroundings."""
    with app.app_context(), acting_for(dealership_id), place.speaking(here):
        yield from sheets.pieces(inbox.every(wanted, me=user_id), here.language)


def _by_itself(pieces: Pieces) -> Iterator[bytes]:
    """The same pieces; what they enter and leave on their way stays out of sight of whoever sends them."""
    context = copy_context()
    try:
        while (piece := context.run(next, pieces, None)) is not None:
            yield piece
    finally:
        context.run(pieces.close)


def _deed() -> Deed:
    """What the pressed button says; raises Invalid."""
    deed = typed(request.form, "deed")
    if deed not in list(Deed):
        raise Invalid(_("Choose what to do."))
    return Deed(deed)


def _act(deed: Deed) -> Callable[[int], Lead]:
    """What is to be done to each lead, with who may and with its rules."""
    if deed in (Deed.TAKE, Deed.ASSIGN, Deed.GIVE_BACK):
        user = me() if deed is Deed.TAKE else access.chosen_user(typed(request.form, "user"))
        if deed is Deed.ASSIGN and user is None:
            raise Invalid(_("Choose somebody from the list."))
        return lambda lead_id: access.give(lead_id, None if deed is Deed.GIVE_BACK else user)
    reason = typed(request.form, "reason") or None
    return lambda lead_id: access.move(lead_id, LeadStatus(deed.value), reason)


def _wanted() -> InboxFilter:
    """The view that the form stood in, as its address says."""
    return InboxFilter.from_address(request.args)


def _back(**more: object) -> Response:
    address: dict[str, Any] = _wanted().page(**more)
    return see(url_for("leads_staff.inbox", **address))


def _form(form: WalkInForm, status: int = 200) -> Response:
    return show("leads/staff/new.html", form=form, cars=inbox.list_cars(), status=status)
