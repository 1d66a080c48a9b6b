"""Handing out links and taking them back: each opens once, and for a while.

No row holds a link. Whoever sends the letter makes its secret again from the row's nonce and the installation's key.
"""

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


def hand_out(user: User | None, kind: TicketKind) -> str:
    """A new link's secret; links of this user that were handed out before open nothing now.

    For nobody (`None`) the same rows are written, and no letter.
    """
    nonce, now = rules.new_nonce(), clock.now()
    secret = _secret(nonce)
    cancel(user.id if user else None)
    session.add(
        Ticket(
            user_id=user.id if user else None,
            kind=kind,
            nonce=nonce,
            digest=rules.digest(secret),
            created_at=now,
            expires_at=now + rules.LASTS[kind],
        )
    )
    session.flush()
    if user is not None:
        events.publish(LinkMade(user.id, kind.value))
    return secret


def cancel(user_id: int | None) -> None:
    """Links of this user open nothing any more."""
    mine = update(Ticket).where(Ticket.user_id == user_id, Ticket.used_at.is_(None))
    session.execute(mine.values(used_at=clock.now()), execution_options={"synchronize_session": False})


def find_good(secret: str) -> Ticket | None:
    """The link with this secret, while it opens something."""
    found = session.scalar(select(Ticket).where(Ticket.digest == rules.digest(secret)))
    good = found is not None and found.user_id and rules.is_good(found.used_at, found.expires_at, clock.now())
    return found if good else None


def use_up(secret: str) -> Ticket | None:
    """The same, used up by that: of many at once one gets it."""
    found = find_good(secret)
    if found is None:
        return None
    free = update(Ticket).where(Ticket.id == found.id, Ticket.used_at.is_(None)).values(used_at=clock.now())
    return found if bulk.count_changed(free.execution_options(synchronize_session=False)) else None


def find_secret(user_id: int, kind: TicketKind) -> str | None:
    """The secret of this user's link, for the letter that carries it; `None` when it opens nothing any more."""
    mine = select(Ticket).where(Ticket.user_id == user_id, Ticket.kind == kind, Ticket.used_at.is_(None))
    found = session.scalar(mine.order_by(Ticket.id.desc()).limit(1))
    if found is None or not rules.is_good(found.used_at, found.expires_at, clock.now()):
        return None
    return _secret(found.nonce)


def forget_old() -> None:
    """Links that ended a while ago need not be kept."""
    old = delete(Ticket).where(Ticket.expires_at < clock.now() - rules.KEPT)
    with transaction():
        session.execute(old.execution_options(synchronize_session=False))


def _secret(nonce: str) -> str:
    return rules.secret_of(settings().secret_key, current_dealership_id(), nonce)
