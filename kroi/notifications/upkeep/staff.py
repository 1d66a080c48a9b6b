"""The operators' page of the outbox."""

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.accounts.access import Permission, allow
from kroi.accounts.kept.access import kept
from kroi.core.errors import Invalid
from kroi.db.transaction import transaction
from kroi.notifications.models import OutboxKind
from kroi.notifications.upkeep import queries, service
from kroi.notifications.upkeep.queries import State
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("messages", __name__, url_prefix="/staff/operations/messages")
KINDS = {
    OutboxKind.NEW_LEAD: _l("New lead, to staff"),
    OutboxKind.RECEIPT: _l("Receipt, to a customer"),
    OutboxKind.ANSWER: _l("Answer, to a customer"),
    OutboxKind.VISIT: _l("About a visit, to a customer"),
    OutboxKind.NOTICE: _l("Notice, to staff"),
    OutboxKind.INVITE: _l("Invitation, to staff"),
    OutboxKind.RESET: _l("Link for a password, to staff"),
    OutboxKind.EMAIL: _l("Link for a new e-mail, to staff"),
    OutboxKind.EMAIL_CHANGED: _l("Changed e-mail, to staff"),
    OutboxKind.WEBHOOK: _l("Webhook"),
}
STATES = {
    State.WAITING: _l("waiting"),
    State.FAILING: _l("failed, tried again"),
    State.DEAD: _l("failed for good"),
    State.CANCELLED: _l("let go"),
    State.SENT: _l("sent"),
}


@staff.get("/")
@allow(Permission.OPERATE)
@kept
def messages() -> Response:
    """What waits, failed and left: numbers, and the messages that have not left."""
    return show(
        "notifications/messages.html",
        tallies=queries.tally(),
        messages=queries.list_unsent(),
        kinds=KINDS,
        states=STATES,
    )


@staff.post("/")
@allow(Permission.OPERATE)
def replay_all() -> Response:
    """All that failed for good are tried again."""
    with transaction():
        count = service.replay_all()
    flash(_("Tried again: %(count)s.", count=count))
    return see(url_for("messages.messages"))


@staff.post("/<int:message_id>")
@allow(Permission.OPERATE)
def change(message_id: int) -> Response:
    """Try one again, or let it go (`do`)."""
    do = typed(request.form, "do")
    if do not in ("replay", "cancel"):
        raise Invalid(_("Choose what to do."))
    with transaction():
        found = service.hold(message_id)
        service.replay(found) if do == "replay" else service.cancel(found)
    flash(_("It is tried again.") if do == "replay" else _("It does not leave."))
    return see(url_for("messages.messages"))
