"""Pages about the staff: one's own profile, and for owners everybody."""

from dataclasses import replace

from flask import Blueprint, Response, flash
from flask_babel import gettext as _
from flask_login import login_user

from kroi.accounts import queries, rules, service, words
from kroi.accounts.access import Permission, allow, me
from kroi.accounts.door import service as door
from kroi.accounts.door import views as knocks
from kroi.accounts.factors import queries as factors
from kroi.accounts.factors import views as proof
from kroi.accounts.forms import HireForm, OwnPasswordForm, ProfileForm, RoleForm
from kroi.accounts.kept.access import kept
from kroi.accounts.models import User
from kroi.accounts.passkeys import queries as passkeys
from kroi.accounts.sessions import service as sessions
from kroi.core.errors import Conflict
from kroi.db.transaction import transaction
from kroi.web import place
from kroi.web.htmx import see, show
from kroi.web.settings import settings
from kroi.web.urls import public_url, url_for

staff = Blueprint("accounts_staff", __name__, url_prefix="/staff")


@staff.get("/profile")
@allow(Permission.USE_PORTAL, with_first_password=True)
def profile() -> Response:
    """One's own name, language, password and sessions."""
    return _profile()


@staff.post("/profile")
@allow(Permission.USE_PORTAL, with_first_password=True)
def change_profile() -> Response:
    """Another name or language."""
    form = ProfileForm.submitted()
    if not form.validate():
        return _profile(status=422, form=form)
    with transaction():
        service.change_profile(queries.lock(me().id), form.name.data or "", form.language.data)
    with place.speaking(replace(place.current(), language=form.language.data)):
        flash(_("Saved."))  # it is read on a page that speaks the new language already
    return see(url_for("accounts_staff.profile"))


@staff.post("/profile/password")
@allow(Permission.USE_PORTAL, with_first_password=True)
def change_password() -> Response:
    """Another password for oneself; the current one is asked for, and wrong ones are counted like at the door."""
    form = OwnPasswordForm.submitted(user=me())
    if not form.validate() or not _is_current(form):
        return _profile(status=422, password_form=form)
    with transaction():
        user = queries.lock(me().id)
        service.change_own_password(user, form.password.data or "", cost=settings().bcrypt_cost)
    login_user(user)
    flash(_("The new password counts from now on. You are signed out everywhere else."))
    return see(url_for("accounts_staff.profile"))


@staff.post("/profile/sessions")
@allow(Permission.USE_PORTAL, with_first_password=True)
def sign_out_elsewhere() -> Response:
    """End all one's other sessions."""
    with transaction():
        service.sign_out_elsewhere(me())
    flash(_("You are signed out everywhere else."))
    return see(url_for("accounts_staff.profile"))


@staff.get("/users/")
@allow(Permission.MANAGE_USERS)
@kept
def users() -> Response:
    """Everybody on the staff."""
    return _users()


@staff.post("/users/")
@allow(Permission.MANAGE_USERS)
def hire() -> Response:
    """Somebody new; a link by which they choose their password is mailed to them."""
    form = HireForm.submitted()
    if not form.validate():
        return _users(status=422, form=form)
    name, email, language = form.name.data or "", form.email.data or "", place.current().own
    try:
        with transaction():
            role, cost = form.chosen_role(), settings().bcrypt_cost
            added, secret = service.invite(name, email, role, cost=cost, language=language)
    except Conflict as refusal:
        form.email.errors = (refusal.sentence,)
        return _users(status=422, form=form)
    return _sent(added, secret, is_new=True)


@staff.get("/users/<int:user_id>")
@allow(Permission.MANAGE_USERS)
@kept
def user(user_id: int) -> Response:
    """One of the staff."""
    return _user(queries.get(user_id))


@staff.post("/users/<int:user_id>/role")
@allow(Permission.MANAGE_USERS)
def change_role(user_id: int) -> Response:
    """Another role."""
    form = RoleForm.submitted()
    if not form.validate():
        return _user(queries.get(user_id), status=422, form=form)
    with transaction():
        service.change_role(queries.lock(user_id), form.chosen_role())
    flash(_("The role was changed. It counts from the next sign-in, which is asked for now."))
    return see(url_for("accounts_staff.user", user_id=user_id))


@staff.post("/users/<int:user_id>/off")
@allow(Permission.MANAGE_USERS)
def switch_off(user_id: int) -> Response:
    """Somebody leaves."""
    with transaction():
        service.switch_off(queries.lock(user_id))
    flash(_("Switched off. All their sessions are over."))
    return see(url_for("accounts_staff.user", user_id=user_id))


@staff.post("/users/<int:user_id>/on")
@allow(Permission.MANAGE_USERS)
def switch_on(user_id: int) -> Response:
    """Somebody is back."""
    with transaction():
        service.switch_on(queries.lock(user_id))
    flash(_("Switched on."))
    return see(url_for("accounts_staff.user", user_id=user_id))


@staff.post("/users/<int:user_id>/password")
@allow(Permission.MANAGE_USERS)
def reset_password(user_id: int) -> Response:
    """A new first password, shown once."""
    password = rules.new_password()
    with transaction():
        found = queries.lock(user_id)
        service.reset_password(found, password, cost=settings().bcrypt_cost)
    return show("accounts/staff/first_password.html", user=found, password=password, is_new=False)


@staff.post("/users/<int:user_id>/link")
@allow(Permission.MANAGE_USERS)
def send_link(user_id: int) -> Response:
    """A link by which they choose another password, mailed to them."""
    with transaction():
        found = queries.lock(user_id)
        if not found.active:
            raise Conflict(_("They are switched off. Switch them on first."))
        secret = service.send_link(found)
    return _sent(found, secret, is_new=False)


@staff.post("/users/<int:user_id>/second-step")
@allow(Permission.MANAGE_USERS)
@proof.needed("accounts_staff.users")
def drop_second_step(user_id: int) -> Response:
    """Their second step is off, for they lost phone and recovery codes; they sign in anew."""
    with transaction():
        service.drop_second_step(queries.lock(user_id))
    flash(_("Their sign-in asks for no code any more."))
    return see(url_for("accounts_staff.user", user_id=user_id))


def _sent(user: User, secret: str, *, is_new: bool) -> Response:
    """The link itself is shown only where no mail leaves the house: to whoever may make any account anyway."""
    link = public_url(url_for("accounts_tickets.open_link", secret=secret)) if settings().smtp_url is None else ""
    return show("accounts/staff/invited.html", user=user, link=link, is_new=is_new)


def _is_current(form: OwnPasswordForm) -> bool:
    """Is this really whoever signed in? Says so at the field when not; raises TooMany after too many tries."""
    attempt = knocks.count(me().email)
    if not rules.matches(form.current.data or "", me().password_hash):
        form.current.errors = (_("This is not your current password."),)
        return False
    with transaction():
        door.forget(attempt.id)
    return True


def _profile(
    status: int = 200, form: ProfileForm | None = None, password_form: OwnPasswordForm | None = None
) -> Response:
    mine = queries.list_sessions(me().id)
    return show(
        "accounts/staff/profile.html",
        status=status,
        form=form or ProfileForm(obj=me()),
        password_form=password_form or OwnPasswordForm(user=me()),
        sessions=mine,
        digest=sessions.digest(me().session_token),
        second_step=factors.is_on(me().id),
        passkeys=len(passkeys.list_of(me().id)),
        languages=words.LANGUAGES,
        roles=words.ROLES,
    )


def _users(status: int = 200, form: HireForm | None = None) -> Response:
    return show(
        "accounts/staff/users.html",
        status=status,
        people=queries.list_everybody(),
        seen=queries.last_seen(),
        form=form or HireForm(),
        roles=words.ROLES,
    )


def _user(found: User, status: int = 200, form: RoleForm | None = None) -> Response:
    return show(
        "accounts/staff/user.html",
        status=status,
        user=found,
        form=form or RoleForm(role=found.role.value),
        roles=words.ROLES,
        second_step=factors.is_on(found.id),
    )
