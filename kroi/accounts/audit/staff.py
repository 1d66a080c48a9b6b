"""Who did what: the page and its file."""

from dataclasses import asdict

from flask import Blueprint, Response, request

from kroi.accounts import queries as users
from kroi.accounts.access import Permission, allow
from kroi.accounts.audit import queries
from kroi.accounts.audit.forms import AuditForm
from kroi.accounts.audit.lines import lines, sheet
from kroi.accounts.kept.access import kept
from kroi.core import clock
from kroi.web import place
from kroi.web.htmx import show
from kroi.web.urls import url_for

staff = Blueprint("accounts_audit", __name__, url_prefix="/staff/audit")
MOST_EXPORTED = 100_000


@staff.get("/")
@allow(Permission.READ_AUDIT)
@kept
def audit() -> Response:
    """The newest entries that match, fifty at a time."""
    form = _asked()
    wanted = form.wanted(place.current().zone)
    found, more = queries.list_page(wanted, before=_before())
    asked = {name: value for name, value in request.args.items() if name in form and value}
    return show(
        "accounts/staff/audit.html",
        form=form,
        lines=lines(found),
        filtered=any(value is not None and value != "" for value in asdict(wanted).values()),
        older=url_for(".audit", **asked, before=found[-1].number) if more else "",
        newest=url_for(".audit", **asked) if _before() else "",
        export=url_for(".export", **asked),
    )


@staff.get("/export")
@allow(Permission.READ_AUDIT)
def export() -> Response:
    """The same as a CSV file, newest first."""
    found = queries.all_of(_asked().wanted(place.current().zone), most=MOST_EXPORTED)
    response = Response(b"".join(sheet(found, place.current().language)), content_type="text/csv; charset=utf-8")
    name = f"audit-{clock.now():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked() -> AuditForm:
    form = AuditForm.asked()
    form.may_be_by((user.id, user.name) for user in users.list_everybody())
    return form


def _before() -> int | None:
    said = request.args.get("before", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None
