"""Where an owner sets up the house. Each page is one form; what is wrong is said beside the field."""

from flask import Blueprint, Response, flash, g
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow
from kroi.core import clock
from kroi.dashboard.settings import rules, service
from kroi.dashboard.settings.forms import AnswersForm, DaysForm, ProfileForm, WeekForm
from kroi.db.transaction import transaction
from kroi.dealerships.rules import Profile
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
