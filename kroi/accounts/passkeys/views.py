"""Signing in with a passkey: it is both steps in one, for the device asks who holds it."""

import logging

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from kroi.accounts import queries, service
from kroi.accounts import views as door_views
from kroi.accounts.door import service as door
from kroi.accounts.door import views as knocks
from kroi.accounts.door.rules import WINDOW
from kroi.accounts.forms import SignInForm
from kroi.accounts.models import User
from kroi.accounts.passkeys import asking, rules
from kroi.accounts.passkeys import service as passkeys
from kroi.accounts.sessions.views import whence
from kroi.core.errors import TooMany
from kroi.db.transaction import transaction
from kroi.web.htmx import show
from kroi.web.urls import local_path

door_pages = Blueprint("accounts_keys", __name__, url_prefix="/staff/sign-in/passkey")
_log = logging.getLogger(__name__)


@door_pages.post("/options")
def ask() -> Response:
    """A question for whichever passkey there is."""
    with transaction():
        if door.count(knocks.knock_for_question(rules.QUESTIONS)) is None:
            raise TooMany(_("Too many tries. Wait a quarter of an hour."), retry_after=int(WINDOW.total_seconds()))
        question = passkeys.ask_to_sign_in(asking.site())
    return asking.asked(question)


@door_pages.post("")
def sign_in() -> Response:
    """What the passkey answered."""
    next = local_path(request.form.get("next"))
    user = _recognised()
    if user is None:
        words = _("This passkey does not open the door here. Use your password.")
        form = SignInForm(next=next)
        return show("accounts/sign_in.html", status=422, form=form, ended=False, refusal=words)
    return door_views.enter(user, next)


def _recognised() -> User | None:
    with transaction():
        user_id = passkeys.recognise(asking.answer(), asking.mark(), asking.site())
        user = queries.lock(user_id) if user_id else None
        if user is None or not user.active:
            return None
        service.enter(user, "passkey", whence())
    return user
