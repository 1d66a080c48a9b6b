"""Handing out links and taking them back: each opens once, and for a while.

No row holds a link. Whoever sends the letter makes its secret again from the row's nonce and the installation's key.
"""

from collections.abc import Collection

from sqlalchemy import delete, select, update

from kroi.accounts.events import LinkMade
from kroi.accounts.models import User
from kroi.accounts.tickets import rules
from kroi.accounts.tickets.models import Ticket
from kroi.accounts.tickets.rules import TicketKind
from kroi.core import clock, events
from kroi.db import bulk
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.web.settings import settings


def hand_out(user: User | None, kind: TicketKind, *, email: str | None = None) -> str:
    """A new link's secret, mailed to the user or to `email`; older links that open the same open nothing now.

    For nobody (`None`) the same rows are written, and no letter.
    """
    nonce = rules.new_nonce()
    cancel(user.id if user else None, kinds=rules.alike(kind))
    _add(user, kind, nonce, email)
    if user is not None:
        events.publish(LinkMade(user.id, kind.value))
    return _secret(nonce)


def note_used(user: User, kind: TicketKind, *, email: str) -> Ticket:
    """What a link would have done is done without one: a row that opens nothing."""
    ticket = _add(user, kind, rules.new_nonce(), email)
    ticket.used_at = ticket.created_at
    return ticket


def cancel(user_id: int | None, *, kinds: Collection[TicketKind] = tuple(TicketKind)) -> None:
    """Links of this user open nothing any more."""
    mine = update(Ticket).where(Ticket.user_id == user_id, Ticket.kind.in_(kinds), Ticket.used_at.is_(None))
    session.execute(mine.values(used_at=clock.now()), execution_options={"synchronize_session": False})


def find_good(secret: str, kinds: Collection[TicketKind]) -> Ticket | None:
    """The link of one of these kinds with this secret, while it opens something."""
    query = select(Ticket).where(Ticket.digest == rules.digest(secret), Ticket.kind.in_(kinds))
    found = session.scalar(query)
    good = found is not None and found.user_id and rules.is_good(found.used_at, found.expires_at, clock.now())
    return found if good else None


def use_up(secret: str, kinds: Collection[TicketKind]) -> Ticket | None:
    """The same, used up by that: of many at once one gets it."""
    found = find_good(secret, kinds)
    if found is None:
        return None
    free = update(Ticket).where(Ticket.id == found.id, Ticket.used_at.is_(None)).values(used_at=clock.now())
    return found if bulk.count_changed(free.execution_options(synchronize_session=False)) else None


def find_handed_out(user_id: int, kind: TicketKind) -> Ticket | None:
    """This user's link of this kind, while it opens something."""
    mine = select(Ticket).where(Ticket.user_id == user_id, Ticket.kind == kind, Ticket.used_at.is_(None))
    found = session.scalar(mine.order_by(Ticket.id.desc()).limit(1))
    good = found is not None and rules.is_good(found.used_at, found.expires_at, clock.now())
    return found if good else None


def secret_of(ticket: Ticket) -> str:
    """A link's secret, for the letter that carries it."""
    return _secret(ticket.nonce)


def forget_old() -> None:
    """Links that ended a while ago need not be kept."""
    old = delete(Ticket).where(Ticket.expires_at < clock.now() - rules.KEPT)
    with transaction():
        session.execute(old.execution_options(synchronize_session=False))


def _add(user: User | None, kind: TicketKind, nonce: str, email: str | None) -> Ticket:
    now = clock.now()
    ticket = Ticket(
        user_id=user.id if user else None,
        kind=kind,
        nonce=nonce,
        digest=rules.digest(_secret(nonce)),
        created_at=now,
        expires_at=now + rules.LASTS[kind],
        email=email,
    )
    session.add(ticket)
    session.flush()
    return ticket


def _secret(nonce: str) -> str:
    return rules.secret_of(settings().secret_key, current_dealership_id(), nonce)
