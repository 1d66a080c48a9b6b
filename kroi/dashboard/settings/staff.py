"""Where an owner sets up the house. Each page is one form; what is wrong is said beside the field."""

from flask import Blueprint, Response, flash, g
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow
from kroi.catalogue.places import queries as places
from kroi.core import clock
from kroi.dashboard.settings import rules, service
from kroi.dashboard.settings.forms import AnswersForm, DaysForm, PlaceForm, ProfileForm, WeekForm
from kroi.db.transaction import transaction
from kroi.dealerships.locations import service as place_service
from kroi.dealerships.rules import Profile
from kroi.dealerships.rules.places import Place
from kroi.leads.clock import rules as response_rules
from kroi.leads.clock import service as response_clock
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("settings_staff", __name__, url_prefix="/staff/settings")


@staff.get("/")
@allow(Permission.MANAGE_SETTINGS)
def profile() -> Response:
    """Name, address, languages."""
    return _profile_page(ProfileForm.of(_here()))


@staff.post("/")
@allow(Permission.MANAGE_SETTINGS)
def change_profile() -> Response:
    """Another name, address or language."""
    form = ProfileForm.submitted()
    if not form.validate():
        return _profile_page(form, 422)
    with transaction():
        concerns_clocks = service.save(**form.values())
    return _saved(".profile", concerns_clocks)


@staff.get("/hours")
@allow(Permission.MANAGE_SETTINGS)
def hours() -> Response:
    """The ordinary week, and the days that differ."""
    today = clock.today(_here().zone)
    return _hours_page(WeekForm.of(_here().hours), DaysForm.of(rules.to_come(_here().special, today)))


@staff.post("/hours")
@allow(Permission.MANAGE_SETTINGS)
def change_hours() -> Response:
    """Other hours."""
    week, days = WeekForm.submitted(), DaysForm.submitted()
    if not all([week.validate(), days.validate()]):
        return _hours_page(week, days, 422)
    with transaction():
        concerns_clocks = service.save_hours(week.hours(), days.special())
    return _saved(".hours", concerns_clocks)


@staff.get("/answers")
@allow(Permission.MANAGE_SETTINGS)
def answers() -> Response:
    """How soon to answer."""
    return _answers_page(AnswersForm.of(response_rules.targets(_here().targets)))


@staff.post("/answers")
@allow(Permission.MANAGE_SETTINGS)
def change_answers() -> Response:
    """Sooner or later."""
    form = AnswersForm.submitted()
    if not form.validate():
        return _answers_page(form, 422)
    with transaction():
        concerns_clocks = service.save(response_targets=form.targets())
    return _saved(".answers", concerns_clocks)


@staff.get("/locations")
@allow(Permission.MANAGE_SETTINGS)
def locations() -> Response:
    """The places beside the main one."""
    return show("dashboard/settings/locations.html", places=_here().locations)


@staff.get("/locations/<int:location_id>")
@allow(Permission.MANAGE_SETTINGS)
def location(location_id: int) -> Response:
    """One of them; 0 is a new one."""
    place = _place(location_id)
    today = clock.today(_here().zone)
    form = PlaceForm.of(place, places.list_stock_numbers(location_id))
    return _location_page(place, form, WeekForm.of(place.hours), DaysForm.of(rules.to_come(place.special, today)))


@staff.post("/locations/<int:location_id>")
@allow(Permission.MANAGE_SETTINGS)
def change_location(location_id: int) -> Response:
    """Another name, address, hours or cars."""
    place, form = _place(location_id), PlaceForm.submitted()
    week, days = WeekForm.submitted(), DaysForm.submitted()
    if not all([form.validate(), week.validate(), days.validate()]):
        return _location_page(place, form, week, days, 422)
    special = rules.with_past(place.special, days.special(), clock.today(_here().zone))
    with transaction():
        service.save_location(form.place(location_id, week.hours(), special), form.stock_numbers())
    return _saved(".locations", concerns_clocks=True)


@staff.post("/locations/<int:location_id>/removal")
@allow(Permission.MANAGE_SETTINGS)
def remove_location(location_id: int) -> Response:
    """A place is closed; its cars stand at the main one."""
    with transaction():
        service.remove_location(location_id)
    return _saved(".locations", concerns_clocks=True)


def _place(location_id: int) -> Place:
    return place_service.get(_here().locations, location_id) if location_id else Place(name="")


def _location_page(place: Place, form: PlaceForm, week: WeekForm, days: DaysForm, status: int = 200) -> Response:
    page = "dashboard/settings/location.html"
    return show(page, status=status, location=place, form=form, week=week, days=days)


def _here() -> Profile:
    found: Profile = g.profile
    return found


def _saved(endpoint: str, concerns_clocks: bool) -> Response:
    if concerns_clocks:
        response_clock.follow_hours()
    flash(_("Saved."))
    return see(url_for(f"settings_staff{endpoint}"))


def _profile_page(form: ProfileForm, status: int = 200) -> Response:
    return show("dashboard/settings/profile.html", status=status, form=form)


def _hours_page(week: WeekForm, days: DaysForm, status: int = 200) -> Response:
    return show("dashboard/settings/hours.html", status=status, week=week, days=days)


def _answers_page(form: AnswersForm, status: int = 200) -> Response:
    usual = _here().usual_answer
    return show("dashboard/settings/answers.html", status=status, form=form, usual=usual)
