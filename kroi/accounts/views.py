"""The door of the staff portal: signing in and out.

Whether an address is known shows in nothing: the words, the rows written and the hash computed are the same.
"""

import logging
from datetime import timedelta

import flask
from flask import Blueprint, Response, flash
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from kroi.accounts import queries, rules, service
from kroi.accounts.access import me
from kroi.accounts.door import service as door
from kroi.accounts.door import views as knocks
from kroi.accounts.door.rules import WINDOW
from kroi.accounts.factors import pending
from kroi.accounts.forms import CodeForm, SignInForm
from kroi.accounts.models import SignInAttempt, User
from kroi.accounts.sessions.views import whence
from kroi.core import clock
from kroi.db.transaction import transaction
from kroi.web.htmx import see, show
from kroi.web.settings import settings
from kroi.web.urls import local_path, url_for

door_pages = Blueprint("accounts", __name__, url_prefix="/staff")
_log = logging.getLogger(__name__)


@door_pages.get("/sign-in")
def sign_in() -> Response:
    """The form. Who is in already goes on."""
    form = SignInForm.asked()
    if current_user.is_authenticated:
        return see(local_path(form.next.data) or url_for("dashboard_staff.today"))
    ended = "_user_id" in flask.session
    return show("accounts/sign_in.html", form=SignInForm(next=local_path(form.next.data)), ended=ended, refusal="")


@door_pages.post("/sign-in")
def try_sign_in() -> Response:
    """Somebody tries a password."""
    form = SignInForm.submitted()
    if not form.validate():
        return _again(form, "", 422)
    email = form.email.data or ""
    with transaction():
        attempt, user = door.count(knocks.knock(email)), queries.find_by_email(email)
    if attempt is None:
        return _too_often(form)
    found = _open(user, form.password.data or "", attempt)
    if isinstance(found, str):
        return _again(form, found, 422)
    if not found.session_token:
        pending.ask(found, local_path(form.next.data))
        return see(url_for("accounts.second_step"))
    return enter(found, form.next.data)


@door_pages.get("/sign-in/code")
def second_step() -> Response:
    """The form for the second step, for whoever has just given the right password."""
    if pending.read() is None:
        return see(url_for("accounts.sign_in"))
    return show("accounts/code.html", form=CodeForm(), refusal="")


@door_pages.post("/sign-in/code")
def try_code() -> Response:
    """Somebody tries a code; wrong ones are counted with wrong passwords."""
    asked, form = pending.read(), CodeForm.submitted()
    if asked is None:
        return see(url_for("accounts.sign_in"))
    if not form.validate():
        return show("accounts/code.html", status=422, form=form, refusal="")
    attempt = knocks.count(queries.get(asked.user_id).email)
    with transaction():
        entered = service.sign_in_with_code(
            asked.user_id, asked.stamp, form.code.data or "", attempt_id=attempt.id, whence=whence()
        )
    if entered is None:
        _log.warning("code refused: account %s, address %s", attempt.account_digest[:8], attempt.address_digest[:8])
        words = _("This code does not count. Each code counts once: wait for the next one.")
        return show("accounts/code.html", status=422, form=CodeForm(), refusal=words)
    return enter(entered, asked.next)


@door_pages.post("/sign-out")
def sign_out() -> Response:
    """The session is over, here and in the database."""
    if current_user.is_authenticated:
        with transaction():
            service.sign_out(me())
    logout_user()
    flask.session.clear()
    flash(_("You are signed out."))
    return see(url_for("accounts.sign_in"))


def _open(user: User | None, password: str, attempt: SignInAttempt) -> User | str:
    """Whoever the password lets in, or why it does not. The hash is computed outside any transaction."""
    cost = settings().bcrypt_cost
    stored = user.password_hash if user else rules.nobodys_hash(cost)
    matched = rules.matches(password, stored)
    if not matched or user is None or not user.active:
        _log.warning("sign-in refused: account %s, address %s", attempt.account_digest[:8], attempt.address_digest[:8])
        return str(_("E-mail or password is wrong."))
    if rules.has_run_out(user.temporary_until, clock.now()):
        return str(_("This first password has run out. Ask an owner for a new one."))
    with transaction():
        entered = service.sign_in(user.id, password, stored, attempt_id=attempt.id, cost=cost, whence=whence())
    return entered or str(_("E-mail or password is wrong."))


def enter(user: User, next: str | None) -> Response:
    """A session with a fresh secret, and on to where they were going: whatever the cookie held before is gone."""
    flask.session.clear()
    login_user(user)
    response = see(local_path(next) or url_for("dashboard_staff.today"))
    knocks.remember_device(response, user.email)
    return response


def _again(form: SignInForm, refusal: str, status: int) -> Response:
    form.next.data = local_path(form.next.data)
    return show("accounts/sign_in.html", status=status, form=form, ended=False, refusal=refusal)


def _too_often(form: SignInForm) -> Response:
    minutes = WINDOW // timedelta(minutes=1)
    words = _("Too many tries. Wait %(minutes)s minutes, or use a device where you signed in before.", minutes=minutes)
    response = _again(form, words, 429)
    response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return response
