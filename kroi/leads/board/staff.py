"""The board: open leads in columns by status, moved by dragging a card or by its menu."""

from typing import Any

from flask import Blueprint, Response, request

from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.kept.access import kept
from kroi.db.transaction import transaction
from kroi.leads import access, words
from kroi.leads.board import queries, rules
from kroi.leads.clock import words as response_words
from kroi.leads.live import versions
from kroi.web.forms import typed
from kroi.web.htmx import done, show
from kroi.web.urls import url_for

staff = Blueprint("board_staff", __name__, url_prefix="/staff/board")


@staff.get("")
@allow(Permission.READ_LEADS)
@kept
def board() -> Response:
    """The open leads by status; one's own, or everybody's, which who works all leads sees first."""
    return show("leads/staff/board.html", fragment="leads/staff/_board.html", **_page())


@staff.post("/<int:lead_id>")
@allow(Permission.WORK_LEADS)
def move(lead_id: int) -> Response:
    """A card goes to another column, if a lead may go there."""
    target = access.chosen_status(typed(request.form, "status"))
    with transaction():
        access.move(lead_id, target, typed(request.form, "reason") or None)
    shown = _page()
    return done("leads/staff/_board.html", instead=url_for("board_staff.board", **shown["asked"]), **shown)


def _page() -> dict[str, Any]:
    """Everything that the board shows, as its address asks for it."""
    limits = rules.limits(request.args)
    usual = "all" if may(me(), Permission.WORK_ALL_LEADS) else "mine"  # a manager's own board is empty
    asked = request.args.get("whose", "")
    whose = asked if asked in ("all", "mine") else usual
    everybody = whose == "all"
    longer: dict[str, object] = {status.value: limit for status, limit in limits.items() if limit != rules.AT_FIRST}
    columns = queries.list_columns(limits, whose=None if everybody else me().id)
    return {
        "columns": columns,
        "everybody": everybody,
        "asked": longer | ({} if whose == usual else {"whose": whose}),
        "goes_to": rules.goes_to,
        "may_work": access.may_work,
        "live_version": versions.current(),
        "clocks": response_words.clocks([lead for column in columns for lead in column.cards]),
        "words": words,
    }
