"""The round's pages: how it stands, who takes part and when, and whether it is fair."""

from typing import Any

from flask import Blueprint, Response, flash, g, request
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.kept.access import kept
from kroi.core.errors import Invalid
from kroi.db.transaction import transaction
from kroi.leads.assignment import editing, fairness, queries, shown, words
from kroi.leads.assignment.forms import AbsenceForm, PartForm, RoundForm
from kroi.leads.assignment.models import Round
from kroi.web import place, sheets
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("assignment_staff", __name__, url_prefix="/staff/assignment")


@staff.get("/")
@allow(Permission.READ_LEADS)
@kept
def overview() -> Response:
    """Who is in the round, who is there, and whose turn it is."""
    return _overview()


@staff.post("/")
@allow(Permission.ASSIGN_LEADS)
def change() -> Response:
    """Switch the round on or off, or set its numbers."""
    form = RoundForm.submitted()
    if not form.validate():
        return _overview(status=422, form=form)
    with transaction():
        editing.change_round(form.wanted())
    flash(_("Saved."))
    return see(url_for("assignment_staff.overview"))


@staff.post("/away")
@allow(Permission.WORK_LEADS)
def away() -> Response:
    """Away for the rest of today, or back again: oneself."""
    wanted = typed(request.form, "do")
    if wanted not in ("leave", "return"):
        raise Invalid(_("Say whether you leave or come back."))
    with transaction():
        if wanted == "leave":
            editing.leave_today(me().id)
        else:
            editing.come_back(me().id)
    flash(_("You get no new leads for the rest of today.") if wanted == "leave" else _("You are in the round again."))
    return see(url_for("assignment_staff.overview"))


@staff.get("/people/<int:user_id>")
@allow(Permission.ASSIGN_LEADS)
def person(user_id: int) -> Response:
    """How somebody takes part, and when they are away."""
    return _person(user_id)


@staff.post("/people/<int:user_id>")
@allow(Permission.ASSIGN_LEADS)
def change_person(user_id: int) -> Response:
    """Change how somebody takes part."""
    form = PartForm.submitted().offering(g.profile.languages)
    if not form.validate():
        return _person(user_id, status=422, form=form)
    with transaction():
        editing.change_part(user_id, form.wanted())
    flash(_("Saved."))
    return see(url_for("assignment_staff.person", user_id=user_id))


@staff.post("/people/<int:user_id>/absences")
@allow(Permission.ASSIGN_LEADS)
def add_absence(user_id: int) -> Response:
    """Somebody will be away."""
    form = AbsenceForm.submitted()
    if not form.validate():
        return _person(user_id, status=422, absence=form)
    with transaction():
        editing.add_absence(user_id, *form.moments())
    return see(url_for("assignment_staff.person", user_id=user_id))


@staff.post("/people/<int:user_id>/absences/<int:absence_id>")
@allow(Permission.ASSIGN_LEADS)
def remove_absence(user_id: int, absence_id: int) -> Response:
    """Somebody will not be away after all."""
    with transaction():
        editing.remove_absence(user_id, absence_id)
    return see(url_for("assignment_staff.person", user_id=user_id))


@staff.get("/fairness")
@allow(Permission.READ_LEADS)
@kept
def fair() -> Response:
    """Everybody's share of the leads, and why it is what it is; sales see their own."""
    days = _days()
    return show("leads/assignment/fairness.html", days=days, ranges=fairness.RANGES, **shown.fairness(days, _only()))


@staff.get("/fairness.csv")
@allow(Permission.READ_LEADS)
def fair_sheet() -> Response:
    """The same as a table for a spreadsheet."""
    days = _days()
    rows = shown.sheet(shown.fairness(days, _only())["rows"])
    pieces = sheets.pieces(shown.sheet_head(), rows, place.current().language)
    response = Response(pieces, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="round-{days}-days.csv"'
    return response


def _days() -> int:
    """The range that the address names, else thirty days."""
    asked = request.args.get("days", "")
    return int(asked) if asked in map(str, fairness.RANGES) else 30


def _only() -> int | None:
    """Whose figures: everybody's, or one's own."""
    return None if may(me(), Permission.READ_REPORTS) else me().id


def _overview(status: int = 200, form: RoundForm | None = None) -> Response:
    found = queries.find_round()
    standings = queries.list_standings()
    return show(
        "leads/assignment/overview.html",
        status=status,
        is_on=found is not None and found.is_on,
        waiting=queries.count_waiting(),
        mine=next((each for each in standings if each.user.id == me().id), None),
        form=form or RoundForm(obj=found or Round(is_on=False, minutes=30, most_hands=3, most_turns=3)),
        words=words,
        **shown.overview(standings, g.profile.language, found.most_unanswered if found else None),
    )


def _person(user_id: int, status: int = 200, **forms: Any) -> Response:
    standing = queries.get_standing(user_id)
    return show(
        "leads/assignment/person.html",
        status=status,
        standing=standing,
        form=forms.get("form") or PartForm.about(standing, g.profile.languages),
        absence=forms.get("absence") or AbsenceForm(),
        words=words,
    )
