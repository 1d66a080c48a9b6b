"""What is done with staff: signing in and out, hiring, roles, passwords, switching off.

Whatever makes an old session wrong (another password, another role, switched off) ends it at once.
"""

from flask_babel import gettext as _

from kroi.accounts import audit, queries, rules
from kroi.accounts.door import service as door
from kroi.accounts.factors import queries as factors
from kroi.accounts.factors import service as second_step
from kroi.accounts.models import Role, User
from kroi.accounts.sessions import service as sessions
from kroi.accounts.sessions.rules import Whence
from kroi.accounts.tickets import service as tickets
from kroi.accounts.tickets.rules import PASSWORD, TicketKind
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships.quotas import service as quotas

_NOWHERE = Whence()


def check_password(user_id: int, password: str, checked_hash: str, *, attempt_id: int, cost: int) -> User | None:
    """Whoever's password matched `checked_hash`, their try forgotten; `None` if that changed meanwhile."""
    user = queries.lock(user_id)
    if not user.active or user.password_hash != checked_hash:
        return None
    if rules.is_weaker_hash(user.password_hash, cost):
        user.password_hash = rules.hash_password(password, cost)
    door.forget(attempt_id)
    user.session_token = ""  # what this browser held before is no part of it
    return user


def sign_in(
    user_id: int, password: str, checked_hash: str, *, attempt_id: int, cost: int, whence: Whence = _NOWHERE
) -> User | None:
    """Let somebody in whose password matched `checked_hash`; `None` if that changed meanwhile.

    With a second step to come there is no session yet: `session_token` is empty.
    """
    user = check_password(user_id, password, checked_hash, attempt_id=attempt_id, cost=cost)
    if user is not None and not factors.is_on(user.id):
        enter(user, "password", whence)
    return user


def sign_in_with_code(user_id: int, stamp: str, code: str, *, attempt_id: int, whence: Whence) -> User | None:
    """The second step, after a password that `stamp` stands for; `None` when the code or the stamp is wrong."""
    user = queries.lock(user_id)
    if not user.active or rules.stamp(user.password_hash) != stamp or not second_step.accept(user_id, code):
        return None
    door.forget(attempt_id)
    enter(user, "password and code", whence)
    return user


def enter(user: User, how: str, whence: Whence) -> None:
    """A session for somebody who has shown who they are."""
    sessions.start(user, whence, limited=how == "password" and second_step.owes(user))
    with audit.acting_as(user.id):
        audit.record("sign in", "user", user.id, details={"with": how})


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
    quotas.check_users(queries.count_active() + 1)
    user = User(name=name.strip(), email=email.strip().lower(), role=role, language=language, active=True)
    _set_password(user, password, cost, temporary=temporary)
    session.add(user)
    session.flush()
    audit.record("add", "user", user.id, details={"role": role.value})
    return user


def invite(name: str, email: str, role: Role, *, cost: int, language: str) -> tuple[User, str]:
    """Somebody new who chooses their own password by the link that is mailed to them; its secret is given back, too.

    Raises Conflict when they are here already.
    """
    user = hire(name, email, role, rules.new_password(), cost=cost, temporary=True, language=language)
    return user, tickets.hand_out(user, TicketKind.INVITE)


def send_link(user: User) -> str:
    """Mail them a link for a password of their own, an invitation if they never had one; its secret."""
    kind = TicketKind.INVITE if user.temporary_until else TicketKind.RESET
    audit.record("send link", "user", user.id, details={"kind": kind.value})
    return tickets.hand_out(user, kind)


def choose_password(secret: str, password: str, *, cost: int) -> User | None:
    """A password by the link with this secret, which is used up; all sessions are over. `None`: it opens nothing."""
    ticket = tickets.use_up(secret, PASSWORD)
    user = queries.lock(ticket.user_id) if ticket and ticket.user_id else None
    if ticket is None or user is None or not user.active:
        return None
    _set_password(user, password, cost, temporary=False)
    sessions.end_all(user.id)
    with audit.acting_as(user.id):
        audit.record("choose password", "user", user.id, details={"kind": ticket.kind.value})
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
    tickets.cancel(user.id)
    audit.record("switch off", "user", user.id)


def switch_on(user: User) -> None:
    """Somebody is back; raises Conflict where there is no room."""
    if user.active:
        return
    _one_at_a_time()
    quotas.check_users(queries.count_active() + 1)
    user.active = True
    audit.record("switch on", "user", user.id)


def drop_second_step(user: User) -> None:
    """Their sign-in asks for the password only, and all sessions are over."""
    second_step.remove(user.id)
    sessions.end_all(user.id)


def reset_password(user: User, password: str, *, cost: int, temporary: bool = True) -> None:
    """A password made by somebody else: it opens the door for a week, and all sessions are over."""
    _set_password(user, password, cost, temporary=temporary)
    tickets.cancel(user.id)
    sessions.end_all(user.id)
    audit.record("reset password", "user", user.id)


def change_own_password(user: User, password: str, *, cost: int) -> None:
    """A password of one's own; other sessions are over, the one in use gets a new secret."""
    _set_password(user, password, cost, temporary=False)
    tickets.cancel(user.id)
    sessions.renew(user)
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
