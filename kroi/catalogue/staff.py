"""Where staff look after the stock: the list, the editor of a car, its status, price and photos."""

from datetime import date
from pathlib import PurePath
from typing import Any

from flask import Blueprint, Response, flash, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.kept.access import kept
from kroi.catalogue import service, words
from kroi.catalogue.editor import queries as editor
from kroi.catalogue.editor import words as editor_words
from kroi.catalogue.editor.forms import CarForm, NewCarForm
from kroi.catalogue.models import Car
from kroi.catalogue.photos import queries as photos
from kroi.catalogue.photos import rules as photo_rules
from kroi.catalogue.photos import service as photo_service
from kroi.catalogue.photos.making import Prepared
from kroi.catalogue.photos.rules import Fault
from kroi.catalogue.places import queries as places
from kroi.catalogue.rules import CarStatus, moves
from kroi.catalogue.stock import queries as stock_queries
from kroi.catalogue.stock import rules as stock_rules
from kroi.catalogue.stock.rules import StockFilter
from kroi.core import clock
from kroi.core.errors import Forbidden, Invalid
from kroi.core.text import shorten
from kroi.db.transaction import transaction
from kroi.dealerships.quotas.service import Full
from kroi.web import place
from kroi.web.forms import typed
from kroi.web.htmx import done, see, show, wants_fragment
from kroi.web.urls import url_for

staff = Blueprint("catalogue_staff", __name__, url_prefix="/staff/cars")

Refused = list[tuple[str, str]]
"""Files that could not be used: their names, and why."""


@staff.get("/")
@allow(Permission.READ_CARS)
@kept
def stock() -> Response:
    """The stock, longest standing first."""
    wanted = StockFilter.from_address(request.args)
    return show(
        "catalogue/staff/stock.html",
        wanted=wanted,
        page=stock_queries.list_page(wanted),
        counts=stock_queries.count_tabs(),
        rules=stock_rules,
        words=words,
        editor_words=editor_words,
    )


@staff.get("/new")
@allow(Permission.EDIT_CARS)
def new() -> Response:
    """A form for a new car."""
    return show("catalogue/staff/new.html", form=NewCarForm())


@staff.post("/")
@allow(Permission.EDIT_CARS)
def add() -> Response:
    """A new car, as a draft."""
    form = NewCarForm.submitted()
    if not form.validate():
        return show("catalogue/staff/new.html", status=422, form=form)
    try:
        with transaction():
            car = service.add(form.facts(), form.price.data or 0)
    except Full as refusal:
        form.make.errors = (refusal.sentence,)
        return show("catalogue/staff/new.html", status=422, form=form)
    flash(_("The draft is there. Add photos and facts, then put it on sale."))
    return _to(car.id)


@staff.get("/<int:car_id>")
@allow(Permission.READ_CARS)
@kept
def edit(car_id: int) -> Response:
    """One car: the editor, or for those who may not edit what there is to read."""
    return _editor(stock_queries.get(car_id))


@staff.post("/<int:car_id>")
@allow(Permission.EDIT_CARS)
def save(car_id: int) -> Response:
    """What was typed about the car, unless somebody else changed it since the form was opened."""
    form = CarForm.submitted().offer(g.profile, _location_id(car_id))
    if not form.validate():
        return _editor(stock_queries.get(car_id), status=422, form=form)
    with transaction():
        car = stock_queries.lock(car_id)
        overtaken = form.seen.data != _version(car)
        if not overtaken:
            service.edit(car, form.facts())
            service.put_price(car, form.price.data or 0)
            if form.location:
                service.put_at(car, form.location_id())
    if overtaken:
        form.seen.data = _version(car)
        return _editor(car, status=409, form=form, overtaken=True)
    flash(_("Saved."))
    return _to(car_id)


@staff.post("/<int:car_id>/status")
@allow(Permission.RESERVE_CARS)
def status(car_id: int) -> Response:
    """Move the car along. Sales may reserve it and take that back."""
    target = _target()
    try:
        with transaction():
            car = stock_queries.lock(car_id)
            if not moves.is_about_reserving(car.status, target) and not may(me(), Permission.EDIT_CARS):
                raise Forbidden(_("Only a manager can do this."))
            service.change_status(car, target, reason=typed(request.form, "reason"), until=_day("until"))
    except (Invalid, Full) as refusal:
        return _editor(stock_queries.get(car_id), status=422, unmoved=(target, refusal.sentence))
    flash(_("Now: %(status)s.", status=words.word(car.status).lower()))
    return _to(car_id)


@staff.post("/<int:car_id>/photos")
@allow(Permission.EDIT_CARS)
def add_photos(car_id: int) -> Response:
    """More photos. Those that cannot be used are named with the reason, the others are kept."""
    stock_queries.get(car_id)
    files = [file for file in request.files.getlist("photo") if file.filename]
    if not files:
        return _photos(stock_queries.get(car_id), trouble=_("Choose one or more photos first."))
    try:
        prepared = photo_service.prepare_many([file.stream.read(photo_rules.MOST_BYTES + 1) for file in files])
    except Full as refusal:
        return _photos(stock_queries.get(car_id), trouble=refusal.sentence)
    with transaction():
        car = stock_queries.lock(car_id)
        refused = _keep(car, files, prepared)
    return _photos(car, refused, nothing_kept=len(refused) == len(files))


@staff.post("/<int:car_id>/photos/order")
@allow(Permission.EDIT_CARS)
def sort_photos(car_id: int) -> Response:
    """The photos in the order of their ids."""
    said = request.form.getlist("order")
    wanted = [int(each) for each in said if each.isascii() and each.isdigit() and len(each) < 19]
    with transaction():
        car = stock_queries.lock(car_id)
        photo_service.reorder(car, wanted)
    return _photos(car)


@staff.post("/<int:car_id>/photos/<int:photo_id>")
@allow(Permission.EDIT_CARS)
def change_photo(car_id: int, photo_id: int) -> Response:
    """One photo: `do` is earlier, later, first, remove or describe (with `alt`)."""
    wish = typed(request.form, "do")
    with transaction():
        car = stock_queries.lock(car_id)
        if wish == "remove":
            photo_service.remove_photo(car, photo_id)
        elif wish == "describe":
            photo_service.describe(car, photo_id, typed(request.form, "alt"))
        else:
            order = [photo.id for photo in photos.list_photos(car_id)]
            photo_service.reorder(car, photo_rules.moved(order, photo_id, wish))
    return _photos(car)


def _editor(
    car: Car,
    *,
    status: int = 200,
    form: CarForm | None = None,
    overtaken: bool = False,
    refused: Refused | None = None,
    trouble: str = "",
    unmoved: tuple[CarStatus, str] | None = None,
) -> Response:
    edits = may(me(), Permission.EDIT_CARS)
    if edits and form is None:
        form = CarForm.of(service.facts_of(car), car.price_cents, _version(car))
        form.offer(g.profile, _location_id(car.id))
    return show(
        "catalogue/staff/edit.html" if edits else "catalogue/staff/car.html",
        status=status,
        car=car,
        form=form,
        overtaken=overtaken,
        refused=refused or [],
        trouble=trouble,
        unmoved=unmoved,
        typed_day=typed(request.form, "until"),
        photos=photos.list_photos(car.id),
        moves=_moves(car, edits=edits),
        history=editor.list_history(car.id, with_cost=edits),
        faults=stock_rules.faults(car),
        today=clock.today(place.current().zone),
        has_page=car.status is not CarStatus.DRAFT and not moves.page_is_gone(car.status, car.sold_at, clock.now()),
        service=service,
        words=words,
        editor_words=editor_words,
    )


def _location_id(car_id: int) -> int | None:
    """Where the car stands, once there are several places."""
    return places.find_location_id(car_id) if g.profile.locations else None


def _version(car: Car) -> str:
    """A mark that changes when anybody edits, prices or moves the car."""
    at = _location_id(car.id)
    return service.version_of(car) + (f"-{at}" if at else "")


def _photos(car: Car, refused: Refused | None = None, *, nothing_kept: bool = False, trouble: str = "") -> Response:
    """The photos for htmx; otherwise the editor, shown at once when there are reasons to read."""
    fragment, now = "catalogue/staff/_photos.html", photos.list_photos(car.id)
    said: dict[str, Any] = {"refused": refused or [], "trouble": trouble}
    if not refused and not trouble:
        return done(fragment, instead=_address(car.id, "photos"), car=car, photos=now, **said)
    status = 422 if trouble else 200
    if wants_fragment():
        return show(fragment, fragment=fragment, status=status, car=car, photos=now, **said)
    return _editor(car, status=422 if nothing_kept else status, **said)


def _keep(car: Car, files: list[FileStorage], prepared: list[Prepared | Fault]) -> Refused:
    refused = []
    for file, made in zip(files, prepared, strict=True):
        name = shorten(PurePath(file.filename or "").name, 60)
        if isinstance(made, Fault):
            refused.append((name, photo_service.sentence(made)))
        elif car.photo_count >= photo_rules.MOST_PHOTOS:
            refused.append((name, _("A car has %(most)s photos at most.", most=photo_rules.MOST_PHOTOS)))
        else:
            photo_service.add_photo(car, made)
    return refused


def _moves(car: Car, *, edits: bool) -> list[CarStatus]:
    """Where this person may move the car."""
    targets = moves.MOVES[car.status]
    return [target for target in targets if edits or moves.is_reservation(car.status, target)]


def _target() -> CarStatus:
    wanted = typed(request.form, "status")
    if wanted not in list(CarStatus):
        raise Invalid(_("There is no such status."))
    return CarStatus(wanted)


def _day(name: str) -> date | None:
    said = typed(request.form, name)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Invalid(_("This is not a day.")) from error


def _to(car_id: int) -> Response:
    return see(_address(car_id))


def _address(car_id: int, anchor: str | None = None) -> str:
    return url_for("catalogue_staff.edit", car_id=car_id, _anchor=anchor)
