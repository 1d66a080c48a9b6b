"""Setting up the second step, and taking its codes.

The app's secret is stored encrypted under the installation's key: who has only the database makes no codes.
"""

import base64
import hashlib

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from kroi.accounts import audit
from kroi.accounts.factors import queries, rules
from kroi.accounts.factors.models import Authenticator, DoorRules, RecoveryCode
from kroi.accounts.models import Role, StaffSession, User
from kroi.accounts.sessions import service as sessions
from kroi.core import clock, sealing
from kroi.core.errors import Conflict
from kroi.db import bulk, dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.web import tokens
from kroi.web.settings import settings


def begin(user_id: int) -> None:
    """A fresh secret that an app may take in; one that was confirmed stays. Raises Conflict then."""
    _one_at_a_time(user_id)
    found = queries.lock(user_id)
    if found is not None and found.confirmed_at is not None:
        raise Conflict(_("You have an authenticator app already. Remove it first."))
    if found is not None:
        session.delete(found)
        session.flush()
    sealed = sealing.seal(_key(), rules.new_secret())
    session.add(Authenticator(user_id=user_id, sealed_secret=sealed, created_at=clock.now(), last_step=0))


def is_begun(user_id: int) -> bool:
    """Is an app being set up, and waits for its first code?"""
    found = queries.find(user_id)
    return found is not None and found.confirmed_at is None


def secret_of(authenticator: Authenticator) -> str:
    """What the app must know, in clear; empty when the installation's key is another than it was."""
    return sealing.unseal(_key(), authenticator.sealed_secret) or ""


def confirm(user_id: int, code: str) -> list[str] | None:
    """The app shows a right code: from now on it is asked for. The recovery codes, or `None` for a wrong code."""
    found = queries.lock(user_id)
    if found is None or found.confirmed_at is not None or not _take(found, code):
        return None
    found.confirmed_at = clock.now()
    sessions.lift_limits(user_id)
    audit.record("add second step", "user", user_id)
    return _new_codes(user_id)


def renew_codes(user_id: int) -> list[str]:
    """Ten new recovery codes; the old ones count no more."""
    audit.record("renew recovery codes", "user", user_id)
    return _new_codes(user_id)


def accept(user_id: int, code: str) -> bool:
    """Is this a code of the app that was not taken yet, or a recovery code? It is used up by that."""
    found = queries.lock(user_id)
    if found is None or found.confirmed_at is None:
        return False
    if rules.looks_like_recovery(code):
        return _use_up(user_id, code)
    return _take(found, code)


def remove(user_id: int) -> None:
    """No second step any more."""
    for table in (Authenticator, RecoveryCode):
        session.execute(delete(table).where(table.user_id == user_id))
    audit.record("remove second step", "user", user_id)


def owes(user: User) -> bool:
    """Must this person set up a second step before anything else?"""
    return user.role in queries.roles_that_must() and not queries.is_on(user.id)


def require(roles: frozenset[Role]) -> None:
    """From now on these roles must have a second step; who has none is led to it at the next request."""
    dialects.lock_named(session, f"door rules {current_dealership_id()}")
    names, before = sorted(role.value for role in roles), sorted(queries.roles_that_must())
    rows = session.query(DoorRules).all()
    for row in rows:
        row.second_step_roles = names
    if not rows:
        session.add(DoorRules(second_step_roles=names))
    session.flush()
    _limit(roles)
    if names != before:
        audit.record(
            "require second step", "dealership", current_dealership_id(), details={"from": before, "to": names}
        )


def _limit(roles: frozenset[Role]) -> None:
    """Sessions of those who owe a second step are limited, all others are not."""
    have = select(Authenticator.user_id).where(Authenticator.confirmed_at.is_not(None))
    owe = select(User.id).where(User.role.in_(roles), User.id.not_in(have))
    owing = list(session.scalars(owe))
    session.execute(
        update(StaffSession).values(limited=StaffSession.user_id.in_(owing)),
        execution_options={"synchronize_session": False},
    )


def _take(found: Authenticator, code: str) -> bool:
    step = rules.find_step(secret_of(found), code, clock.now(), after=found.last_step)
    if step is not None:
        found.last_step = step
    return step is not None


def _use_up(user_id: int, code: str) -> bool:
    mine = delete(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.digest == _digest(user_id, code))
    used = bool(bulk.count_changed(mine))
    if used:
        audit.record("use recovery code", "user", user_id)
    return used


def _new_codes(user_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = rules.new_recovery_codes()
    session.add_all(RecoveryCode(user_id=user_id, digest=_digest(user_id, code)) for code in codes)
    return codes


def _digest(user_id: int, code: str) -> str:
    return tokens.digest("recovery", f"{current_dealership_id()}|{user_id}|{rules.bare(code)}")


def _key() -> str:
    """The installation's key for the secrets of apps, as Fernet wants it."""
    raw = hashlib.sha256(f"kroi.authenticators:{settings().secret_key}".encode()).digest()
    return base64.urlsafe_b64encode(raw).decode("ascii")


def _one_at_a_time(user_id: int) -> None:
    dialects.lock_named(session, f"second step {user_id}")
