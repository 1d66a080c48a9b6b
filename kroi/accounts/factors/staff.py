"""Pages about one's own second step, and proving once more who one is before it changes."""

from flask import Blueprint, Response, flash
from flask_babel import gettext as _

from kroi.accounts import rules as passwords
from kroi.accounts.access import Permission, allow, me
from kroi.accounts.door import service as door
from kroi.accounts.door import views as knocks
from kroi.accounts.factors import qr, queries, rules, service
from kroi.accounts.factors import views as proof
from kroi.accounts.forms import CodeForm, ProofForm
from kroi.accounts.sessions import service as sessions
from kroi.core.errors import Conflict
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.web.htmx import see, show
from kroi.web.urls import local_path, url_for

staff = Blueprint("accounts_factors", __name__, url_prefix="/staff/profile")


@staff.get("/confirm")
@allow(Permission.USE_PORTAL, without_second_step=True)
def confirm() -> Response:
    """Ask once more who this is."""
    form = ProofForm.asked()
    return _confirm(ProofForm(next=local_path(form.next.data)))


@staff.post("/confirm")
@allow(Permission.USE_PORTAL, without_second_step=True)
def try_confirm() -> Response:
    """The password once more, and the code where there is one; wrong ones are counted like at the door."""
    form = ProofForm.submitted()
    form.next.data = local_path(form.next.data)
    if not form.validate():
        return _confirm(form, status=422)
    attempt, user = knocks.count(me().email), me()
    right = passwords.matches(form.password.data or "", user.password_hash)
    with transaction():
        right = right and (not queries.is_on(user.id) or service.accept(user.id, form.code.data or ""))
        if right:
            door.forget(attempt.id)
            sessions.prove(user.session_token)
    if not right:
        return _confirm(form, status=422, refusal=_("Password or code is wrong."))
    return see(form.next.data or url_for("accounts_staff.profile"))


@staff.get("/app")
@allow(Permission.USE_PORTAL, without_second_step=True)
def app() -> Response:
    """One's authenticator app: off, being set up, or on."""
    return _app(CodeForm())


@staff.post("/app/start")
@allow(Permission.USE_PORTAL, without_second_step=True)
@proof.needed("accounts_factors.app")
def start() -> Response:
    """A secret for the app to take in."""
    with transaction():
        service.begin(me().id)
    return see(url_for("accounts_factors.app"))


@staff.post("/app")
@allow(Permission.USE_PORTAL, without_second_step=True)
@proof.needed("accounts_factors.app")
def finish() -> Response:
    """The app's first code; recovery codes are shown once."""
    form = CodeForm.submitted()
    if not form.validate():
        return _app(form, status=422)
    if not service.is_begun(me().id):
        return see(url_for("accounts_factors.app"))
    attempt = knocks.count(me().email)
    with transaction():
        codes = service.confirm(me().id, form.code.data or "")
        if codes is not None:
            door.forget(attempt.id)
    if codes is None:
        form.code.errors = (_("This is not the code that the app shows now."),)
        return _app(form, status=422)
    return show("accounts/staff/codes.html", codes=codes)


@staff.post("/app/codes")
@allow(Permission.USE_PORTAL)
@proof.needed("accounts_factors.app")
def renew_codes() -> Response:
    """New recovery codes, shown once."""
    if not queries.is_on(me().id):
        return see(url_for("accounts_factors.app"))
    with transaction():
        codes = service.renew_codes(me().id)
    return show("accounts/staff/codes.html", codes=codes)


@staff.post("/app/remove")
@allow(Permission.USE_PORTAL)
@proof.needed("accounts_factors.app")
def remove() -> Response:
    """No second step any more, unless one's role must have it."""
    with transaction():
        if me().role in queries.roles_that_must():
            raise Conflict(_("Your role must have a second step."))
        service.remove(me().id)
    flash(_("Your sign-in asks for no code any more."))
    return see(url_for("accounts_staff.profile"))


def _confirm(form: ProofForm, status: int = 200, refusal: str = "") -> Response:
    return show(
        "accounts/staff/confirm.html", status=status, form=form, refusal=refusal, with_code=queries.is_on(me().id)
    )


def _app(form: CodeForm, status: int = 200) -> Response:
    found = queries.find(me().id)
    secret = service.secret_of(found) if found and found.confirmed_at is None else ""
    house = dealerships.get_profile(me().dealership_id).name
    return show(
        "accounts/staff/app.html",
        status=status,
        form=form,
        app=found,
        secret=rules.in_groups(secret),
        picture=qr.picture(rules.address(secret, email=me().email, house=house)) if secret else "",
        codes_left=queries.count_codes(me().id),
        must=me().role in queries.roles_that_must(),
    )
