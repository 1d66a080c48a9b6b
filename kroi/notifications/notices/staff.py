"""What a member of staff was told of, and how they want to hear."""

import re

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow, me
from kroi.accounts.kept.access import kept
from kroi.db.transaction import transaction
from kroi.notifications.notices import queries, service, words
from kroi.notifications.notices.forms import WishesForm
from kroi.notifications.rules import NoticeKind
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("notices", __name__, url_prefix="/staff")
_NUMBER = re.compile(r"[0-9]{1,18}")


@staff.get("/notices/")
@allow(Permission.USE_PORTAL)
@kept
def notices() -> Response:
    """The latest, newest first."""
    return show("notifications/notices.html", notices=queries.list_notices(me().id), words=words)


@staff.post("/notices/")
@allow(Permission.USE_PORTAL)
def read() -> Response:
    """One (`notice`) is read and what it is about opens; without one, all are read."""
    wanted = typed(request.form, "notice")
    with transaction():
        if not wanted:
            service.read_all(me().id)
            return see(url_for("notices.notices"))
        notice = queries.lock_mine(int(wanted) if _NUMBER.fullmatch(wanted) else 0, me().id)
        service.read(notice)
    return see(url_for("leads_staff.lead", lead_id=notice.lead_id) if notice.lead_id else url_for("notices.notices"))


@staff.get("/profile/notices")
@allow(Permission.USE_PORTAL)
def wishes() -> Response:
    """How I want to hear of things."""
    return _wishes(WishesForm.of(queries.map_wishes([me().id]).get(me().id)))


@staff.post("/profile/notices")
@allow(Permission.USE_PORTAL)
def change_wishes() -> Response:
    """Other ways, or another time of quiet."""
    form = WishesForm.submitted()
    if not form.validate():
        return _wishes(form, status=422)
    with transaction():
        service.wish(me().id, form.ways(), *form.quiet())
    flash(_("Saved."))
    return see(url_for("notices.wishes"))


def _wishes(form: WishesForm, status: int = 200) -> Response:
    return show("notifications/wishes.html", status=status, form=form, kinds=[kind.value for kind in NoticeKind])
