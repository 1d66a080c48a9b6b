"""What is done with staff: signing in and out, hiring, roles, passwords, switching off.

Whatever makes an old session wrong (another password, another role, switched off) ends it at once.
"""

from flask_babel import gettext as _

from kroi.accounts import audit, queries, rules
from kroi.accounts.door import service as door
from kroi.accounts.models import Role, User
from kroi.accounts.sessions import service as sessions
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id


def sign_in(user_id: int, password: str, checked_hash: str, *, attempt_id: int, cost: int) -> User | None:
    """Open a session for somebody whose password matched `checked_hash`; `None` if that changed meanwhile."""
    user = queries.lock(user_id)
    if not user.active or user.password_hash != checked_hash:
        return None
    if rules.is_weaker_hash(user.password_hash, cost):
        user.password_hash = rules.hash_password(password, cost)
    door.forget(attempt_id)
    sessions.start(user)
    with audit.acting_as(user.id):
        audit.record("sign in", "user", user.id)
    return user


def sign_out(user: User) -> None:
    """The session in use is over."""
    sessions.end(user.session_token)
    audit.record("sign out", "user", user.id)


def sign_out_elsewhere(user: User) -> None:
    """All sessions but the one in use are over."""
    sessions.end_all(user.id, except_secret=user.session_token)
    audit.record("sign out elsewhere", "user", user.id)


def hire(name: str, email: str, role: Role, password: str, *, cost: int, temporary: bool, language: str = "en") -> User:
    """Somebody new; with a `temporary` password they must choose their own within a week. Raises Conflict."""
    _one_at_a_time()
    if queries.find_by_email(email):
        raise Conflict(_("Somebody with this e-mail is here already."))
    user = User(name=name.strip(), email=email.strip().lower(), role=role, language=language, active=True)
    _set_password(user, password, cost, temporary=temporary)
    session.add(user)
    session.flush()
    audit.record("add", "user", user.id, details={"role": role.value})
    return user


def change_role(user: User, role: Role) -> None:
    """Give somebody another role; raises Conflict for the last owner."""
    if user.role is role:
        return
    _keep_an_owner(user)
    audit.record("change role", "user", user.id, details={"from": user.role.value, "to": role.value})
    user.role = role
    sessions.end_all(user.id)


def switch_off(user: User) -> None:
    """Somebody leaves, at once; raises Conflict for the last owner."""
    if not user.active:
        return
    _keep_an_owner(user)
    user.active = False
    sessions.end_all(user.id)
    audit.record("switch off", "user", user.id)


def switch_on(user: User) -> None:
    """Somebody is back."""
    if user.active:
        return
    user.active = True
    audit.record("switch on", "user", user.id)


def reset_password(user: User, password: str, *, cost: int, temporary: bool = True) -> None:
    """A password made by somebody else: it opens the door for a week, and all sessions are over."""
    _set_password(user, password, cost, temporary=temporary)
    sessions.end_all(user.id)
    audit.record("reset password", "user", user.id)


def change_own_password(user: User, password: str, *, cost: int) -> None:
    """A password of one's own; other sessions are over, the one in use gets a new secret."""
    _set_password(user, password, cost, temporary=False)
    sessions.end_all(user.id)
    sessions.start(user)
    audit.record("change password", "user", user.id)


def change_profile(user: User, name: str, language: str) -> None:
    """What somebody is called, and what their portal speaks."""
    changed = [field for field, new in (("name", name), ("language", language)) if getattr(user, field) != new]
    user.name, user.language = name, language
    if changed:
        audit.record("change profile", "user", user.id, details={"fields": changed})


def _set_password(user: User, password: str, cost: int, *, temporary: bool) -> None:
    user.password_hash = rules.hash_password(password, cost)
    user.temporary_until = clock.now() + rules.FIRST_PASSWORD_LASTS if temporary else None


def _keep_an_owner(user: User) -> None:
    """Two owners who switch each other off at the same moment wait for each other here."""
    _one_at_a_time()
    if user.role is Role.OWNER and user.active and not queries.count_other_owners(user.id):
        raise Conflict(_("This is the last owner. Make somebody else an owner first."))


def _one_at_a_time() -> None:
    dialects.lock_named(session, f"staff of {current_dealership_id()}")
