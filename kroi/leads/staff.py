"""Where staff work the leads: the inbox and the page of one lead."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from kroi.accounts import queries as accounts
from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.kept.access import kept
from kroi.catalogue import words as car_words
from kroi.core import clock
from kroi.core.errors import Forbidden
from kroi.db.transaction import transaction
from kroi.leads import access, queries, service, words
from kroi.leads.clock import queries as response_clock
from kroi.leads.clock import words as response_words
from kroi.leads.history import queries as history
from kroi.leads.history import timeline
from kroi.leads.inbox import forms
from kroi.leads.inbox import queries as inbox_queries
from kroi.leads.inbox import words as inbox_words
from kroi.leads.inbox.models import BulkChange
from kroi.leads.inbox.rules import InboxFilter
from kroi.leads.live import versions
from kroi.leads.mail import forms as mails
from kroi.leads.people import queries as people_queries
from kroi.leads.rules import CallOutcome, moves
from kroi.leads.scoring.words import in_words
from kroi.leads.visits import page as visits
from kroi.web.forms import typed
from kroi.web.htmx import done, show
from kroi.web.urls import url_for

staff = Blueprint("leads_staff", __name__, url_prefix="/staff/leads")


@staff.get("/")
@allow(Permission.READ_LEADS)
@kept
def inbox() -> Response:
    """Leads, who to call first first; `done` names what was just done to many of them."""
    change_id = request.args.get("done", "")
    return inbox_page(inbox_queries.find_change(int(change_id), me().id) if _is_key(change_id) else None)


def inbox_page(
    change: BulkChange | None = None,
    *,
    refused: str = "",
    picked: Collection[int] = (),
    view_refused: forms.ViewRefused | None = None,
) -> Response:
    """The inbox as its address asks; with what was done to many leads, or why it was refused and which were chosen.

    Or with the name that a view cannot have.
    """
    wanted = InboxFilter.from_address(request.args)
    page = inbox_queries.list_page(wanted, me=me().id)
    return show(
        "leads/staff/inbox.html",
        status=422 if refused or view_refused else 200,
        refused=refused,
        view_refused=view_refused,
        picked=picked,
        wanted=wanted,
        page=page,
        clocks=response_words.clocks(page.rows),
        counts=inbox_queries.count_tabs(me=me().id),
        people=accounts.list_active(),
        views=inbox_queries.list_views(me().id),
        change=change,
        refused_names=inbox_queries.names([each["lead"] for each in change.refused]) if change else {},
        ages=inbox_words.AGES,
        live_version=versions.current(),
        words=words,
    )


def _is_key(raw: str) -> bool:
    return raw.isascii() and raw.isdigit() and len(raw) < 19


@staff.get("/<int:lead_id>")
@allow(Permission.READ_LEADS)
@kept
def lead(lead_id: int) -> Response:
    """One lead: who, which car, what happened (`show` says of which kind), what next."""
    context = _page(lead_id, only=request.args.get("show", ""))
    return show("leads/staff/lead.html", fragment="leads/staff/_happened.html", **context)


@staff.post("/<int:lead_id>/status")
@allow(Permission.WORK_LEADS)
def status(lead_id: int) -> Response:
    """Move a lead along; `lost` and reopening a won one want a reason."""
    target = access.chosen_status(typed(request.form, "status"))
    with transaction():
        access.move(lead_id, target, typed(request.form, "reason") or None)
    return answer(lead_id)


@staff.post("/<int:lead_id>/note")
@allow(Permission.WORK_LEADS)
def note(lead_id: int) -> Response:
    """Write something down."""
    form = forms.NoteForm.submitted()
    if not form.validate():
        return again(lead_id, note_form=form)
    with transaction():
        service.add_note(access.work(lead_id), form.text.data or "")
    return answer(lead_id)


@staff.post("/<int:lead_id>/call")
@allow(Permission.WORK_LEADS)
def call(lead_id: int) -> Response:
    """Say how a call went."""
    form = forms.CallForm.submitted()
    if not form.validate():
        return again(lead_id, call_form=form)
    with transaction():
        service.log_call(access.work(lead_id), CallOutcome(form.outcome.data))
    return answer(lead_id)


@staff.post("/<int:lead_id>/tasks")
@allow(Permission.WORK_LEADS)
def tasks(lead_id: int) -> Response:
    """Plan the next step."""
    form = forms.TaskForm.submitted()
    if not form.validate():
        return again(lead_id, task_form=form)
    with transaction():
        service.add_task(access.work(lead_id), form.text.data or "", form.due_at())
    return answer(lead_id)


@staff.post("/<int:lead_id>/tasks/<int:task_id>")
@allow(Permission.WORK_LEADS)
def finish_task(lead_id: int, task_id: int) -> Response:
    """A step is done."""
    with transaction():
        access.work(lead_id)
        service.finish_task(queries.lock_task(lead_id, task_id))
    return answer(lead_id)


@staff.post("/<int:lead_id>/tasks/<int:task_id>/change")
@allow(Permission.WORK_LEADS)
def change_task(lead_id: int, task_id: int) -> Response:
    """A step is another one, or is put off."""
    form = forms.TaskForm.changing(task_id)
    if not form.validate():
        return again(lead_id, changing=form)
    with transaction():
        access.work(lead_id)
        service.change_task(queries.lock_task(lead_id, task_id), form.text.data or "", form.due_at())
    return answer(lead_id)


@staff.post("/<int:lead_id>/assignment")
@allow(Permission.WORK_LEADS)
def assignment(lead_id: int) -> Response:
    """Take a lead, give it to somebody, or (empty) give it back."""
    with transaction():
        access.give(lead_id, access.chosen_user(typed(request.form, "user")))
    return answer(lead_id)


def _page(lead_id: int, *, only: str = "") -> dict[str, Any]:
    """Everything that the page of a lead shows; of what happened, `only` one kind."""
    found, earlier = queries.get_with_earlier(lead_id)
    people, lines = accounts.list_active(), history.list_lines(found.id)
    assigns = may(me(), Permission.ASSIGN_LEADS)
    return {
        "lead": found,
        "works": access.may_work(found),
        "moves": moves.MOVES[found.status] if access.may_make(found.status) else (),
        "timeline": timeline.of(lines, only),
        "timeline_names": timeline.NAMES,
        "tasks": history.tasks(lines),
        "files": history.files(lines),
        "earlier": earlier,
        "alike": people_queries.list_pairs_of(found.person_id) if may(me(), Permission.MERGE_PEOPLE) else [],
        "reasons": [(line.points, line.words) for line in in_words(found.score_reasons)],
        "names": {user.id: user.name for user in people},
        "note_form": forms.NoteForm(),
        "call_form": forms.CallForm(),
        "task_form": forms.TaskForm.planned(),
        "changing": None,
        "file_refused": "",
        "lost_form": forms.LostForm(),
        "assign_form": forms.AssignForm.among(people, found.assignee_id) if assigns else None,
        "words": words,
        "car_words": car_words,
        "now": clock.now(),
        "mail": mails.desk(found, g.profile, me(), lines),
        "asked": visits.side(found),
        "clock": response_words.clocks([found])[found.id],
        "targets": response_clock.targets(),
    }


def answer(lead_id: int) -> Response:
    """The page of a lead after something was done to it."""
    return done(
        "leads/staff/_lead.html",
        instead=url_for("leads_staff.lead", lead_id=lead_id),
        **_page(lead_id),
    )


def again(lead_id: int, *, status: int = 422, **forms_with_mistakes: Any) -> Response:
    """The page of a lead with a form as it was typed; raises Forbidden when the lead is somebody else's."""
    context = _page(lead_id)
    if not context["works"]:
        raise Forbidden(_("This lead is being worked by somebody else."))
    context |= forms_with_mistakes
    return show("leads/staff/lead.html", fragment="leads/staff/_lead.html", status=status, **context)
