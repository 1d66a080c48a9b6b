"""Changing the address that one of the staff signs in with: by a link mailed there, or at once by an owner.

The link opens nothing by itself: whoever follows it must be signed in as the one who asked. So a mistyped address gives
its owner nothing. Either way the old address is told, links mailed there are void, and other sessions are over.
"""

from flask_babel import gettext as _

from kroi.accounts import audit, queries
from kroi.accounts.events import EmailChanged
from kroi.accounts.models import User
from kroi.accounts.sessions import service as sessions
from kroi.accounts.tickets import service as tickets
from kroi.accounts.tickets.models import Ticket
from kroi.accounts.tickets.rules import EMAIL, TicketKind
from kroi.core import events
from kroi.core.errors import Conflict
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id


def why_not(user: User, email: str) -> str | None:
    """What speaks against this address for this user; `None`: nothing. Other dealerships do not count."""
    match queries.find_by_email(email):
        case None:
            return None
        case User(id=user.id):
            return str(_("This is the address already."))
    return str(_("Somebody here has this e-mail already."))


def ask(user: User, email: str) -> str:
    """Mail a link to the new address; its secret. Links for another address open nothing now. Raises Conflict."""
    _refuse(user, email)
    secret = tickets.hand_out(user, TicketKind.EMAIL, email=_plain(email))
    audit.record("ask for email", "user", user.id)
    return secret


def find_link(user_id: int, secret: str) -> Ticket | None:
    """The link with this secret, if it is this user's and opens something."""
    found = tickets.find_good(secret, EMAIL)
    return found if found is not None and found.user_id == user_id else None


def confirm(user: User, secret: str) -> bool:
    """The new address counts, by the link with this secret; the session in use gets a new secret. Raises Conflict.

    Was it a good link of this user's?
    """
    if find_link(user.id, secret) is None:
        return False
    _one_at_a_time()
    ticket = tickets.use_up(secret, EMAIL)
    if ticket is None or ticket.email is None:
        return False
    _refuse(user, ticket.email)
    _change(user, ticket, by="link")
    sessions.renew(user)
    return True


def change(user: User, email: str) -> None:
    """An owner says so: the new address counts at once, and all sessions are over. Raises Conflict."""
    _one_at_a_time()
    _refuse(user, email)
    _change(user, tickets.note_used(user, TicketKind.EMAIL, email=_plain(email)), by="owner")
    sessions.end_all(user.id)
    if user.temporary_until is not None and user.active:
        tickets.hand_out(user, TicketKind.INVITE)  # the one they had was mailed elsewhere


def _change(user: User, ticket: Ticket, *, by: str) -> None:
    """The address stands in no audit entry: it is one of a person, and an entry cannot be erased."""
    ticket.email_before = user.email
    user.email = ticket.email or user.email
    session.flush()
    tickets.cancel(user.id)
    audit.record("change email", "user", user.id, details={"with": by})
    events.publish(EmailChanged(user.id, ticket.id))


def _refuse(user: User, email: str) -> None:
    why = why_not(user, email)
    if why:
        raise Conflict(why)


def _plain(email: str) -> str:
    return email.strip().lower()


def _one_at_a_time() -> None:
    dialects.lock_named(session, f"staff of {current_dealership_id()}")
