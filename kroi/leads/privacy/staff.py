"""Where staff take out what is held about somebody, and owners erase who wants to be erased."""

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from flask import Blueprint, Response, flash, g, request

from kroi.accounts import audit
from kroi.accounts.access import Permission, allow
from kroi.core import clock
from kroi.db.transaction import run_in_transaction, transaction
from kroi.leads.privacy import export, queries, rules, service, words
from kroi.leads.privacy.rules import Why
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("privacy_staff", __name__, url_prefix="/staff")
_IN_MEMORY = 4 * 1024 * 1024  # bytes of an archive
_PIECE = 64 * 1024  # bytes


@staff.get("/privacy/")
@allow(Permission.ERASE_PEOPLE)
def wishes() -> Response:
    """Who wants to be erased, the longest wait first, and until when the law gives us."""
    today = clock.today(g.profile.zone)
    wanted = [
        (each, due, (due - today).days)
        for each in queries.list_wanted()
        for due in [rules.due_on(clock.local(each.request.asked_at, g.profile.zone).date())]
    ]
    return show("leads/privacy/wishes.html", wanted=wanted)


@staff.post("/people/<int:person_id>/export")
@allow(Permission.EXPORT_LEADS)
def take_out(person_id: int) -> Response:
    """Everything held about somebody, as an archive."""
    file = _archive(person_id)
    with transaction():
        audit.record("person.exported", "person", person_id, person_id=person_id)
    name = f"person-{person_id}-{clock.today(g.profile.zone).isoformat()}.zip"
    response = Response(_pieces(file), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@staff.get("/people/<int:person_id>/erasure")
@allow(Permission.ERASE_PEOPLE)
def erasure(person_id: int) -> Response:
    """What would go with somebody, before it does."""
    return show("leads/privacy/erasure.html", **_what_goes(person_id))


@staff.post("/people/<int:person_id>/erasure")
@allow(Permission.ERASE_PEOPLE)
def erase(person_id: int) -> Response:
    """Erase somebody, for good."""
    if typed(request.form, "understood") != "y":
        return show("leads/privacy/erasure.html", status=422, trouble=True, **_what_goes(person_id))
    why = Why.ASKED if queries.find_wanted(person_id) else Why.OWNER
    erased = run_in_transaction(lambda: service.erase_person(person_id, why=why))
    flash(words.done(erased))
    return see(url_for("people_staff.pairs"))


def _archive(person_id: int) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed when it has been sent
    try:
        export.write_archive(person_id, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while some := file.read(_PIECE):
            yield some


def _what_goes(person_id: int) -> dict[str, Any]:
    people = queries.list_group(person_id)
    lead_ids = queries.list_lead_ids(people)
    wanted = queries.find_wanted(people[0].id)
    return {
        "person": people[0],
        "others": people[1:],
        "goes": words.held(queries.count_held([each.id for each in people], lead_ids)),
        "coming": queries.count_coming(lead_ids),
        "asked_at": wanted.asked_at if wanted else None,
    }
