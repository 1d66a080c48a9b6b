"""What operators do about messages: try them again, or let them go."""

from flask_babel import gettext as _
from sqlalchemy import select, update

from kroi.accounts import audit
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.leads.mail import later as waiting_mails
from kroi.leads.mail import service as mails
from kroi.leads.mail.models import Mail
from kroi.notifications.models import Outbox
from kroi.notifications.upkeep import queries
from kroi.notifications.upkeep.rules import CANCELLED

_AGAIN = {"dead_at": None, "last_error": None, "claimed_until": None, "attempts": 0}


def hold(message_id: int) -> Outbox:
    """Lock a message for a change; before it the lead of its mail, as whoever takes that mail back does. NotFound."""
    mail_id = session.scalar(select(Outbox.mail_id).where(Outbox.id == message_id))
    if mail_id is not None:
        waiting_mails.hold(mail_id)
    return queries.lock(message_id)


def replay(message: Outbox) -> None:
    """Try a message again from the beginning, also one that waits for its next try. The caller holds it.

    Raises Conflict when it left, was let go, or is being sent right now.
    """
    if message.sent_at is not None or queries.is_in_hand(message) or message.last_error == CANCELLED:
        raise Conflict(_("This message has left, or is being sent right now."))
    for name, value in _AGAIN.items():
        setattr(message, name, value)
    message.due_at = clock.now()
    _hope(message.mail_id)
    audit.record("message.replayed", "message", message.id)


def replay_all() -> int:
    """Try all that were given up again; how many."""
    found = list(session.scalars(select(Outbox).where(queries.dead()).with_for_update()))
    for message in found:
        _hope(message.mail_id)
    ids = [message.id for message in found]
    again = update(Outbox).where(Outbox.id.in_(ids)).values(**_AGAIN, due_at=clock.now())
    session.execute(again.execution_options(synchronize_session=False))
    if found:
        audit.record("messages.replayed", "message", None, details={"count": len(found)})
    return len(found)


def cancel(message: Outbox) -> None:
    """A message does not leave. The caller holds it; raises Conflict when it has left or is leaving."""
    if message.sent_at is not None or message.dead_at is not None or queries.is_in_hand(message):
        raise Conflict(_("This message has left, or is being sent right now."))
    message.dead_at, message.last_error = clock.now(), CANCELLED
    if message.mail_id is not None:
        mails.note_failed(message.mail_id, CANCELLED)
    audit.record("message.cancelled", "message", message.id)


def _hope(mail_id: int | None) -> None:
    """The mail of a message that is tried again counts as waiting."""
    mail = session.get(Mail, mail_id) if mail_id else None
    if mail is not None:
        mail.failed_at, mail.failure = None, None
