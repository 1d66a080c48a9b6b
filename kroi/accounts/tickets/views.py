"""The way back in: a forgotten password, and the page that a mailed link opens.

The link's secret leaves the address at once, for a cookie: addresses end up in histories and in logs.
"""

import flask
from flask import Blueprint, Response, flash
from flask_babel import gettext as _
from flask_login import logout_user

from kroi.accounts import queries, rules, service
from kroi.accounts.door import service as door
from kroi.accounts.door import views as knocks
from kroi.accounts.door.rules import WINDOW
from kroi.accounts.forms import LetterForm, NewPasswordForm
from kroi.accounts.models import User
from kroi.accounts.tickets import service as tickets
from kroi.accounts.tickets.rules import PASSWORD, PER_ACCOUNT, PER_ADDRESS, TicketKind
from kroi.core.errors import TooMany
from kroi.db.transaction import transaction
from kroi.web.htmx import see, show
from kroi.web.settings import settings
from kroi.web.urls import url_for

door_pages = Blueprint("accounts_tickets", __name__, url_prefix="/staff")
_NAME = "ticket"


@door_pages.get("/forgotten")
def forgotten() -> Response:
    """Ask for a link."""
    return show("accounts/forgotten.html", form=LetterForm(), asked=False)


@door_pages.post("/forgotten")
def ask_for_link() -> Response:
    """A link by mail, if somebody signs in with that address; the answer does not say."""
    form = LetterForm.submitted()
    if not form.validate():
        return show("accounts/forgotten.html", status=422, form=form, asked=False)
    email = form.email.data or ""
    knock = knocks.knock_for_letter(email, per_account=PER_ACCOUNT, per_address=PER_ADDRESS)
    with transaction():
        if door.count(knock) is None:
            raise TooMany(_("Too many tries. Wait a quarter of an hour."), retry_after=int(WINDOW.total_seconds()))
    cost = settings().bcrypt_cost
    rules.matches(email, rules.nobodys_hash(cost))  # takes far longer than the one row more that a known address needs
    with transaction():
        found = queries.find_by_email(email)
        tickets.hand_out(found if found and found.active else None, TicketKind.RESET)
    return show("accounts/forgotten.html", form=form, asked=True)


@door_pages.get("/link/<secret>")
def open_link(secret: str) -> Response:
    """A link from a mail: looked at only, since mail programs look at links, too."""
    flask.session[_NAME] = secret[:100]
    response = see(url_for("accounts_tickets.new_password"))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@door_pages.get("/new-password")
def new_password() -> Response:
    """Choose a password by a link."""
    return _page()


@door_pages.post("/new-password")
def choose_password() -> Response:
    """The password is chosen and the link used up; signing in comes next, with its second step."""
    secret, user = flask.session.get(_NAME, ""), _whose()
    if user is None:
        return _page()
    form = NewPasswordForm.submitted(user=user)
    if not form.validate():
        return _page(form, status=422)
    with transaction():
        chosen = service.choose_password(secret, form.password.data or "", cost=settings().bcrypt_cost)
    if chosen is None:
        return _page()
    logout_user()
    flask.session.clear()
    flash(_("Your new password counts from now on. Sign in with it."))
    return see(url_for("accounts.sign_in"))


def _whose() -> User | None:
    ticket = tickets.find_good(flask.session.get(_NAME, ""), PASSWORD)
    user = queries.get(ticket.user_id) if ticket and ticket.user_id else None
    return user if user and user.active else None


def _page(form: NewPasswordForm | None = None, status: int = 200) -> Response:
    user = _whose()
    if user is not None and form is None:
        form = NewPasswordForm(user=user)
    return show("accounts/new_password.html", status=status if user else 410, form=form, user=user)
