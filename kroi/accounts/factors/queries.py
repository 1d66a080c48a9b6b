"""Reads of second steps."""

from sqlalchemy import func, select

from kroi.accounts.factors.models import Authenticator, DoorRules, RecoveryCode
from kroi.accounts.models import Role
from kroi.db.model import session


def find(user_id: int) -> Authenticator | None:
    """Somebody's authenticator app, confirmed or not."""
    return session.scalar(select(Authenticator).where(Authenticator.user_id == user_id))


def lock(user_id: int) -> Authenticator | None:
    """The same, to be changed in this transaction."""
    query = select(Authenticator).where(Authenticator.user_id == user_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def is_on(user_id: int) -> bool:
    """Does this person have a second step?"""
    found = find(user_id)
    return found is not None and found.confirmed_at is not None


def count_codes(user_id: int) -> int:
    """Recovery codes that are left."""
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)) or 0


def roles_that_must() -> frozenset[Role]:
    """Roles that must have a second step here."""
    found = session.scalar(select(DoorRules.second_step_roles))
    return frozenset(Role(each) for each in found or () if each in set(Role))
