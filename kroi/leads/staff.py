"""Where staff work the leads: the inbox and the page of one lead."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from kroi.accounts import queries as accounts
from kroi.accounts.access import Permission, allow, may, me
from kroi.catalogue import words as car_words
from kroi.core import clock
from kroi.core.errors import Forbidden, Invalid
from kroi.db.transaction import transaction
from kroi.leads import queries, service, words
from kroi.leads.history import queries as history
from kroi.leads.inbox import forms
from kroi.leads.inbox import queries as inbox_queries
from kroi.leads.inbox.rules import InboxFilter
from kroi.leads.models import Lead
from kroi.leads.rules import CallOutcome, LeadStatus, moves
from kroi.leads.scoring.forms import in_words
from kroi.web.forms import typed
from kroi.web.htmx import done, show
from kroi.web.urls import url_for

staff = Blueprint("leads_staff", __name__, url_prefix="/staff/leads")


@staff.get("/")
@allow(Permission.READ_LEADS)
def inbox() -> Response:
    """Leads, who to call first first."""
    wanted = InboxFilter.from_address(request.args)
    return show(
        "leads/staff/inbox.html",
        wanted=wanted,
        page=inbox_queries.list_page(wanted, me=me().id),
        counts=inbox_queries.count_tabs(me=me().id),
        people=accounts.list_active(),
        words=words,
    )


@staff.get("/<int:lead_id>")
@allow(Permission.READ_LEADS)
def lead(lead_id: int) -> Response:
    """One lead: who, which car, what happened, what next."""
    return show("leads/staff/lead.html", **_page(queries.get(lead_id)))


@staff.post("/<int:lead_id>/status")
@allow(Permission.WORK_LEADS)
def status(lead_id: int) -> Response:
    """Move a lead along; `lost` and reopening a won one want a reason."""
    target = _target(typed(request.form, "status"))
    with transaction():
        found = _mine_to_work(lead_id)
        if moves.reopens_a_sale(found.status, target) and not may(me(), Permission.WORK_ALL_LEADS):
            raise Forbidden(_("Only a manager can reopen a sale."))
        service.change_status(found, target, reason=typed(request.form, "reason") or None)
    return _answer(lead_id)


@staff.post("/<int:lead_id>/note")
@allow(Permission.WORK_LEADS)
def note(lead_id: int) -> Response:
    """Write something down."""
    form = forms.NoteForm.submitted()
    if not form.validate():
        return _again(lead_id, note_form=form)
    with transaction():
        service.add_note(_mine_to_work(lead_id), form.text.data or "")
    return _answer(lead_id)


@staff.post("/<int:lead_id>/call")
@allow(Permission.WORK_LEADS)
def call(lead_id: int) -> Response:
    """Say how a call went."""
    form = forms.CallForm.submitted()
    if not form.validate():
        return _again(lead_id, call_form=form)
    with transaction():
        service.log_call(_mine_to_work(lead_id), CallOutcome(form.outcome.data))
    return _answer(lead_id)


@staff.post("/<int:lead_id>/tasks")
@allow(Permission.WORK_LEADS)
def tasks(lead_id: int) -> Response:
    """Plan the next step."""
    form = forms.TaskForm.submitted()
    if not form.validate():
        return _again(lead_id, task_form=form)
    with transaction():
        service.add_task(_mine_to_work(lead_id), form.text.data or "", form.due_at())
    return _answer(lead_id)


@staff.post("/<int:lead_id>/tasks/<int:task_id>")
@allow(Permission.WORK_LEADS)
def finish_task(lead_id: int, task_id: int) -> Response:
    """A step is done."""
    with transaction():
        _mine_to_work(lead_id)
        service.finish_task(queries.lock_task(lead_id, task_id))
    return _answer(lead_id)


@staff.post("/<int:lead_id>/assignment")
@allow(Permission.WORK_LEADS)
def assignment(lead_id: int) -> Response:
    """Take a lead, give it to somebody, or (empty) give it back."""
    wanted = typed(request.form, "user")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Invalid(_("Choose somebody from the list."))
    with transaction():
        user = accounts.find_active(int(wanted)) if wanted else None
        if wanted and user is None:
            raise Invalid(_("Choose somebody from the list."))
        found = queries.lock(lead_id)
        if not may(me(), Permission.ASSIGN_LEADS):
            _refuse_others_hands(found, user.id if user else None)
        service.assign(found, user)
    return _answer(lead_id)


def _refuse_others_hands(found: Lead, user_id: int | None) -> None:
    """Sales take a free lead for themselves, or give back their own; the rest is a manager's."""
    takes = found.assignee_id is None and user_id == me().id
    gives_back = found.assignee_id == me().id and user_id in (None, me().id)
    if not takes and not gives_back:
        raise Forbidden(_("Only a manager can give a lead to somebody else."))


def _mine_to_work(lead_id: int) -> Lead:
    """The lead, locked; raises Forbidden when it is somebody else's and this person may not work all."""
    found = queries.lock(lead_id)
    if not _may_work(found):
        raise Forbidden(_("This lead is being worked by somebody else."))
    return found


def _may_work(found: Lead) -> bool:
    return moves.may_work(found.assignee_id, me().id, works_all=may(me(), Permission.WORK_ALL_LEADS))


def _page(found: Lead) -> dict[str, Any]:
    """Everything that the page of a lead shows."""
    people = accounts.list_active()
    assigns = may(me(), Permission.ASSIGN_LEADS)
    return {
        "lead": found,
        "works": _may_work(found),
        "moves": moves.MOVES[found.status] if _may_make(found.status) else (),
        "lines": history.list_lines(found.id),
        "tasks": history.list_tasks(found.id),
        "earlier": history.list_earlier(found),
        "reasons": [(line.points, line.words) for line in in_words(found.score_reasons)],
        "names": {user.id: user.name for user in people},
        "note_form": forms.NoteForm(),
        "call_form": forms.CallForm(),
        "task_form": forms.TaskForm(),
        "lost_form": forms.LostForm(),
        "assign_form": forms.AssignForm.among(people, found.assignee_id) if assigns else None,
        "words": words,
        "car_words": car_words,
        "now": clock.now(),
    }


def _may_make(current: LeadStatus) -> bool:
    """A won lead is reopened by managers."""
    return current is not LeadStatus.WON or may(me(), Permission.WORK_ALL_LEADS)


def _target(raw: str) -> LeadStatus:
    if raw not in list(LeadStatus):
        raise Invalid(_("There is no such status."))
    return LeadStatus(raw)


def _answer(lead_id: int) -> Response:
    return done(
        "leads/staff/_lead.html",
        instead=url_for("leads_staff.lead", lead_id=lead_id),
        **_page(queries.get(lead_id)),
    )


def _again(lead_id: int, **forms_with_mistakes: Any) -> Response:
    found = queries.get(lead_id)
    if not _may_work(found):
        raise Forbidden(_("This lead is being worked by somebody else."))
    context = _page(found) | forms_with_mistakes
    return show("leads/staff/lead.html", fragment="leads/staff/_lead.html", status=422, **context)
