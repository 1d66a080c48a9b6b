"""Ending one's own sessions, one by one or all but this."""

from flask import Blueprint, Response, flash
from flask_babel import gettext as _

from kroi.accounts import audit
from kroi.accounts.access import Permission, allow, me
from kroi.accounts.sessions import service
from kroi.core.errors import NotFound
from kroi.db.transaction import transaction
from kroi.web.htmx import see
from kroi.web.urls import url_for

staff = Blueprint("accounts_sessions", __name__, url_prefix="/staff/profile/sessions")


@staff.post("/<int:session_id>/end")
@allow(Permission.USE_PORTAL)
def end(session_id: int) -> Response:
    """One session, here or elsewhere, is over."""
    with transaction():
        if not service.end_one(me().id, session_id):
            raise NotFound(_("This session is over already."))
        audit.record("end session", "user", me().id)
    flash(_("That device is signed out."))
    return see(url_for("accounts_staff.profile"))
