"""Opening, finding and ending staff sessions."""

import hashlib
import secrets

from sqlalchemy import bindparam, delete, or_, select, true, update
from sqlalchemy.orm import joinedload

from kroi.accounts.models import AuditHead, StaffSession, User
from kroi.accounts.sessions import rules
from kroi.accounts.sessions.rules import Whence
from kroi.core import clock
from kroi.db import bulk
from kroi.db.glance import Glance
from kroi.db.model import session
from kroi.db.transaction import transaction

_SESSION = ("user_id", "created_at", "seen_at", "proven_at", "limited")
_USER = ("active", "role", "language", "temporary_until", "updated_at")
_RECORD = select(AuditHead.number).scalar_subquery()
_MARK = Glance(
    select(
        *(getattr(StaffSession, name) for name in _SESSION), *(getattr(User, name) for name in _USER), AuditHead.number
    )
    .join(StaffSession.user)
    .join(AuditHead, true())
    .where(StaffSession.token_digest == bindparam("digest"))
)


def start(user: User, whence: Whence = Whence(), *, limited: bool = False) -> None:  # noqa: B008  # it is frozen
    """A new session for `user`, whose secret is then in `user.session_token`; `limited`: a second step is owed."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        StaffSession(
            user_id=user.id,
            token_digest=digest(secret),
            created_at=now,
            seen_at=now,
            device=whence.device,
            network=whence.network,
            proven_at=now,
            limited=limited,
        )
    )
    user.session_token = secret


def renew(user: User) -> None:
    """The session in use gets another secret, and all others of this user are over."""
    secret, mine = secrets.token_urlsafe(32), StaffSession.token_digest == digest(user.session_token)
    end_all(user.id, except_secret=user.session_token)
    session.execute(update(StaffSession).where(mine).values(token_digest=digest(secret), proven_at=clock.now()))
    user.session_token = secret


def prove(secret: str) -> None:
    """Whoever uses the session with this secret has just shown who they are."""
    _change(secret, proven_at=clock.now())


def lift_limits(user_id: int) -> None:
    """This user's sessions open everything again."""
    session.execute(update(StaffSession).where(StaffSession.user_id == user_id).values(limited=False))


def find_user(secret: str) -> User | None:
    """The active user whose living session has this secret."""
    query = select(StaffSession, _RECORD).where(StaffSession.token_digest == digest(secret))
    row = session.execute(query.options(joinedload(StaffSession.user))).one_or_none()
    if row is None:
        return None
    found, record = row[0], row[1]
    user: User = found.user
    if not user.active or rules.is_over(found.created_at, found.seen_at, clock.now()):
        return None
    user.mark = (*(getattr(found, name) for name in _SESSION), *(getattr(user, name) for name in _USER), record)
    user.session_token, user.limited = secret, found.limited
    user.proven_at = found.proven_at or found.created_at
    if rules.is_stale(found.seen_at, clock.now()):
        used = update(StaffSession).where(StaffSession.id == found.id).values(seen_at=clock.now())
        with transaction():
            session.execute(used)  # touches nothing if the session ended at this very moment
    return user


def find_mark(dealership_id: int, token_digest: str) -> tuple[object, ...] | None:
    """The state of things as whoever has this living session sees it: another one whenever they might see another page.

    It says who they are, what they may, and how far the audit is. None before anything was audited, too.
    """
    found = _MARK.find(dealership_id, digest=token_digest)
    if found is None or not found.active or rules.is_over(found.created_at, found.seen_at, clock.now()):
        return None
    return tuple(found)


def record() -> int:
    """How far the audit is in the database that we read from; the last of a mark's values."""
    return session.scalar(select(_RECORD)) or 0


def end(secret: str) -> None:
    """The session with this secret is over."""
    session.execute(delete(StaffSession).where(StaffSession.token_digest == digest(secret)))


def end_one(user_id: int, session_id: int) -> bool:
    """One session of this user is over; was there such a one?"""
    ours = delete(StaffSession).where(StaffSession.user_id == user_id, StaffSession.id == session_id)
    return bool(bulk.count_changed(ours))


def end_all(user_id: int, *, except_secret: str | None = None) -> None:
    """All sessions of a user are over, but perhaps the one in use."""
    ended = delete(StaffSession).where(StaffSession.user_id == user_id)
    if except_secret:
        ended = ended.where(StaffSession.token_digest != digest(except_secret))
    session.execute(ended)


def forget_over() -> None:
    """Sessions that ended by themselves need not be kept."""
    now = clock.now()
    over = or_(StaffSession.seen_at < now - rules.IDLE, StaffSession.created_at < now - rules.ABSOLUTE)
    with transaction():
        session.execute(delete(StaffSession).where(over).execution_options(synchronize_session=False))


def _change(secret: str, **values: object) -> None:
    session.execute(update(StaffSession).where(StaffSession.token_digest == digest(secret)).values(**values))


def digest(secret: str) -> str:
    """What is stored of a secret; it is long and random, so one hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
