"""Pages on which one changes one's own address, and an owner somebody else's."""

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from flask_login import login_user

from kroi.accounts import queries
from kroi.accounts.access import Permission, allow, me
from kroi.accounts.door import service as door
from kroi.accounts.door import views as knocks
from kroi.accounts.door.rules import WINDOW
from kroi.accounts.emails import links, service
from kroi.accounts.emails.forms import EmailForm
from kroi.accounts.factors import views as proof
from kroi.accounts.models import User
from kroi.accounts.tickets.rules import PER_ACCOUNT, PER_ADDRESS
from kroi.core.errors import Conflict, TooMany
from kroi.db.transaction import transaction
from kroi.web.htmx import see, show
from kroi.web.settings import settings
from kroi.web.urls import public_url, url_for

staff = Blueprint("accounts_emails", __name__, url_prefix="/staff")


@staff.get("/profile/email")
@allow(Permission.USE_PORTAL)
@proof.needed("accounts_emails.email")
def email() -> Response:
    """Ask for another address."""
    return _ask(EmailForm())


@staff.post("/profile/email")
@allow(Permission.USE_PORTAL)
@proof.needed("accounts_emails.email")
def ask() -> Response:
    """A link goes to the new address; until it is followed the old one counts."""
    form = EmailForm.submitted()
    if not _is_free(form, me()):
        return _ask(form, status=422)
    wished = form.email.data or ""
    _count_letter(wished)
    with transaction():
        secret = service.ask(queries.lock(me().id), wished)
    return _ask(EmailForm(), sent=wished, link=_shown(secret))


@staff.get("/email/<secret>")
def open_link(secret: str) -> Response:
    """A link from a mail: looked at only. Its secret leaves the address at once, for a cookie."""
    response = see(url_for("accounts_emails.new_email"))
    links.keep(response, secret)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@staff.get("/profile/email/new")
@allow(Permission.USE_PORTAL)
def new_email() -> Response:
    """What the link would change, and a button for it."""
    return _new()


@staff.post("/profile/email/new")
@allow(Permission.USE_PORTAL)
def take_email() -> Response:
    """The new address counts; other sessions are over, the one in use gets a new secret."""
    with transaction():
        user = queries.lock(me().id)
        taken = service.confirm(user, links.read(request))
    if not taken:
        return _new()
    login_user(user)
    flash(_("You sign in with the new address from now on. You are signed out everywhere else."))
    response = see(url_for("accounts_staff.profile"))
    links.forget(response)
    knocks.remember_device(response, user.email)
    return response


@staff.get("/users/<int:user_id>/email")
@allow(Permission.MANAGE_USERS)
@proof.needed("accounts_emails.user_email", "user_id")
def user_email(user_id: int) -> Response:
    """Another address for somebody else."""
    return _theirs(_somebody_else(user_id), EmailForm())


@staff.post("/users/<int:user_id>/email")
@allow(Permission.MANAGE_USERS)
@proof.needed("accounts_emails.user_email", "user_id")
def change_user_email(user_id: int) -> Response:
    """It counts at once; old and new address are told."""
    form, found = EmailForm.submitted(), _somebody_else(user_id)
    if not _is_free(form, found):
        return _theirs(found, form, status=422)
    with transaction():
        service.change(queries.lock(user_id), form.email.data or "")
    flash(_("The new address counts from now on. Both addresses are told."))
    return see(url_for("accounts_staff.user", user_id=user_id))


def _somebody_else(user_id: int) -> User:
    if user_id == me().id:
        raise Conflict(_("Change your own e-mail on your profile: a link goes to the new address first."))
    return queries.get(user_id)


def _is_free(form: EmailForm, user: User) -> bool:
    """Is it an address that this user can have? Says at the field why not."""
    if not form.validate():
        return False
    why = service.why_not(user, form.email.data or "")
    form.email.errors = (why,) if why else ()
    return why is None


def _count_letter(address: str) -> None:
    """Nobody's mailbox is filled from here. Raises TooMany."""
    knock = knocks.knock_for_letter(address, per_account=PER_ACCOUNT, per_address=PER_ADDRESS)
    with transaction():
        if door.count(knock) is None:
            raise TooMany(_("Too many tries. Wait a quarter of an hour."), retry_after=int(WINDOW.total_seconds()))


def _shown(secret: str) -> str:
    """The link itself is shown only where no mail leaves the house."""
    return public_url(url_for("accounts_emails.open_link", secret=secret)) if settings().smtp_url is None else ""


def _ask(form: EmailForm, status: int = 200, sent: str = "", link: str = "") -> Response:
    return show("accounts/staff/email.html", status=status, form=form, sent=sent, link=link)


def _new() -> Response:
    if not links.read(request):
        return see(url_for("accounts_emails.email"))
    found = service.find_link(me().id, links.read(request))
    address = found.email if found else None
    return show("accounts/staff/new_email.html", status=200 if address else 410, address=address)


def _theirs(user: User, form: EmailForm, status: int = 200) -> Response:
    return show("accounts/staff/user_email.html", status=status, user=user, form=form)
