"""Where an owner says for how long what people told us is kept, and sees all that is kept."""

from datetime import timedelta

from flask import Blueprint, Response, flash, g, request
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow
from kroi.core import clock
from kroi.dashboard.settings import service
from kroi.dashboard.settings.privacy import words
from kroi.dashboard.settings.privacy.forms import TermsForm
from kroi.db.transaction import transaction
from kroi.dealerships.rules import Profile
from kroi.dealerships.rules.retention import Terms
from kroi.leads.privacy.retention import queries
from kroi.leads.privacy.retention.queries import Today
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("privacy_settings", __name__, url_prefix="/staff/settings/privacy")
AHEAD = timedelta(days=30)


@staff.get("")
@allow(Permission.MANAGE_SETTINGS)
def terms() -> Response:
    """The times as they are, and whose is over soon."""
    return _page(TermsForm.of(_here().kept), _here().kept)


@staff.post("")
@allow(Permission.MANAGE_SETTINGS)
def change_terms() -> Response:
    """Other times; or (`do`) a look at whom they would concern, which changes nothing."""
    form = TermsForm.submitted()
    if not form.validate():
        return _page(form, _here().kept, 422)
    wanted = form.terms()
    if typed(request.form, "do") == "preview":
        return _page(form, wanted)
    with transaction():
        service.save_terms(wanted)
    flash(_("Saved."))
    return see(url_for(".terms"))


def _here() -> Profile:
    found: Profile = g.profile
    return found


def _page(form: TermsForm, terms: Terms, status: int = 200) -> Response:
    """The form, and how many people are concerned when these terms stand."""
    now = clock.now()
    return show(
        "dashboard/settings/privacy.html",
        status=status,
        form=form,
        days=AHEAD.days,
        due=queries.count_people_due(Today.at(_here(), now, terms)),
        due_soon=queries.count_people_due(Today.at(_here(), now + AHEAD, terms)),
        is_preview=terms != _here().kept,
        kept=words.also_kept(),
    )
