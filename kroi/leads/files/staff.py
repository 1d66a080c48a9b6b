"""Files of a lead: added, read as a download, deleted. For staff only."""

from flask import Blueprint, Response, make_response, request
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow
from kroi.core.errors import Forbidden, Invalid, NotFound, Refusal
from kroi.db.transaction import transaction
from kroi.leads import access, queries
from kroi.leads import staff as lead_pages
from kroi.leads.files import queries as files
from kroi.leads.files import rules, service
from kroi.leads.files.models import FileKind
from kroi.leads.files.service import Prepared
from kroi.web.htmx import see
from kroi.web.urls import url_for

staff = Blueprint("files_staff", __name__, url_prefix="/staff")
_TYPES = {FileKind.PDF: "application/pdf", FileKind.JPEG: "image/jpeg"}


@staff.get("/files/<int:file_id>")
@allow(Permission.READ_LEADS)
def read(file_id: int) -> Response:
    """One file, always as a download: nothing in it runs as a page of ours."""
    file = files.get(file_id)
    content = service.read(file)
    if content is None:
        raise NotFound(_("There is no such file."))
    response = make_response(content)
    response.content_type = _TYPES[file.kind]
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@staff.post("/leads/<int:lead_id>/files")
@allow(Permission.WORK_LEADS)
def add(lead_id: int) -> Response:
    """Keep files with a lead; all of them, or none when one cannot be used."""
    if not access.may_work(queries.get(lead_id)):
        raise Forbidden(_("This lead is being worked by somebody else."))
    sent = [each for each in request.files.getlist("file") if each.filename][: rules.MOST_FILES]
    if not sent:
        return lead_pages.again(lead_id, file_refused=_("Choose a file first."))
    prepared: list[Prepared] = []
    try:
        for each in sent:
            with each.stream as file:
                prepared.append(service.prepare(file.read(), each.filename or ""))
        with transaction():
            lead = access.work(lead_id)
            for ready in prepared:
                service.add(lead, ready)
    except Refusal as refusal:
        for ready in prepared:
            service.discard(ready)
        if isinstance(refusal, Invalid):
            return lead_pages.again(lead_id, file_refused=refusal.sentence)
        raise
    return see(url_for("leads_staff.lead", lead_id=lead_id))


@staff.post("/leads/<int:lead_id>/files/<int:file_id>")
@allow(Permission.WORK_LEADS)
def remove(lead_id: int, file_id: int) -> Response:
    """Delete a file."""
    with transaction():
        lead = access.work(lead_id)
        service.remove(lead, files.lock(lead_id, file_id))
    return see(url_for("leads_staff.lead", lead_id=lead_id))
