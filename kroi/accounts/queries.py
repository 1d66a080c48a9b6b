"""Reads of the staff."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from kroi.accounts.models import Role, StaffSession, User
from kroi.core.errors import NotFound
from kroi.db.model import session


def get(user_id: int) -> User:
    """One of the staff, switched on or off; raises NotFound."""
    return _existing(session.get(User, user_id))


def lock(user_id: int) -> User:
    """One of the staff, to be changed in this transaction; raises NotFound."""
    query = select(User).where(User.id == user_id).with_for_update()
    return _existing(session.scalar(query.execution_options(populate_existing=True)))


def find_active(user_id: int) -> User | None:
    """Somebody who may work today."""
    return session.scalar(select(User).where(User.id == user_id, User.active))


def find_by_email(email: str) -> User | None:
    """Whoever signs in with this address, switched on or off; any case."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def list_active() -> list[User]:
    """Everybody who may work, by name."""
    return list(session.scalars(select(User).where(User.active).order_by(User.name, User.id)))


def count_active() -> int:
    """How many may work."""
    return session.scalar(select(func.count()).select_from(User).where(User.active)) or 0


def list_everybody() -> list[User]:
    """The whole staff by name, those switched off last."""
    return list(session.scalars(select(User).order_by(User.active.desc(), User.name, User.id)))


def names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """What these people are called, also those who have left."""
    wanted = {each for each in user_ids if each is not None}
    if not wanted:
        return {}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def count_other_owners(user_id: int) -> int:
    """Owners who are switched on, beside this one."""
    others = select(func.count()).where(User.role == Role.OWNER, User.active, User.id != user_id)
    return session.scalar(others) or 0


def last_seen() -> dict[int, datetime]:
    """When each of the staff last used a session that still lives."""
    query = select(StaffSession.user_id, func.max(StaffSession.seen_at)).group_by(StaffSession.user_id)
    return dict(session.execute(query).all())


def list_sessions(user_id: int) -> list[StaffSession]:
    """Where somebody is signed in, last used first."""
    mine = select(StaffSession).where(StaffSession.user_id == user_id)
    return list(session.scalars(mine.order_by(StaffSession.seen_at.desc(), StaffSession.id)))


def _existing(user: User | None) -> User:
    if user is None:
        raise NotFound(_("There is no such person here."))
    return user
