"""What happened since a page was made, for the page that asks."""

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from flask_babel import ngettext

from kroi.accounts.access import Permission, allow
from kroi.db.tenancy import current_dealership_id
from kroi.leads.live import tags, versions
from kroi.leads.live.middleware import PULSE
from kroi.web.settings import settings

staff = Blueprint("live_staff", __name__)


@staff.get(PULSE)
@allow(Permission.READ_LEADS)
def pulse() -> Response:
    """The version now, and in words what came after `since`; with a tag, so that the next question costs nothing."""
    raw = request.args.get("since", "")
    since = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    version = versions.look()
    count = versions.count_new(since) if version > since else 0
    said = ngettext("%(num)s new lead", "%(num)s new leads", count) if count else _("Something has changed")
    response = jsonify(version=version, new=count, words=said)
    cookie = request.headers.get("Cookie", "")
    response.headers["ETag"] = tags.make(settings().secret_key, current_dealership_id(), version, cookie)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
