"""One's own passkeys: add, name, remove."""

from flask import Blueprint, Response, flash
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow, me
from kroi.accounts.factors import views as proof
from kroi.accounts.forms import PasskeyForm
from kroi.accounts.passkeys import asking, queries, service
from kroi.db.transaction import transaction
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("accounts_passkeys", __name__, url_prefix="/staff/profile/passkeys")


@staff.get("")
@allow(Permission.USE_PORTAL)
def passkeys() -> Response:
    """The list, and a form for one more."""
    return _passkeys(PasskeyForm())


@staff.post("/options")
@allow(Permission.USE_PORTAL)
@proof.needed("accounts_passkeys.passkeys")
def ask() -> Response:
    """A question for a new passkey."""
    with transaction():
        question = service.ask_for_new(me(), asking.site())
    return asking.asked(question)


@staff.post("")
@allow(Permission.USE_PORTAL)
@proof.needed("accounts_passkeys.passkeys")
def add() -> Response:
    """A new passkey."""
    form = PasskeyForm.submitted()
    if not form.validate():
        return _passkeys(form, status=422)
    with transaction():
        added = service.add(me(), form.name.data or "", asking.answer(), asking.mark(), asking.site())
    refused, done = _("This passkey could not be added. Try again."), _("The passkey was added. It opens the door now.")
    flash(refused if added is None else done)
    return see(url_for("accounts_passkeys.passkeys"))


@staff.post("/<int:key_id>/name")
@allow(Permission.USE_PORTAL)
def rename(key_id: int) -> Response:
    """Another name for one of them."""
    form = PasskeyForm.submitted()
    with transaction():
        found = queries.lock(me().id, key_id)
        if form.validate():
            service.rename(found, form.name.data or "")
    if form.errors:
        return _passkeys(PasskeyForm(), status=422, renaming=form, key_id=key_id)
    flash(_("Saved."))
    return see(url_for("accounts_passkeys.passkeys"))


@staff.post("/<int:key_id>/remove")
@allow(Permission.USE_PORTAL)
@proof.needed("accounts_passkeys.passkeys")
def remove(key_id: int) -> Response:
    """One of them opens nothing any more."""
    with transaction():
        service.remove(queries.lock(me().id, key_id))
    flash(_("The passkey was removed."))
    return see(url_for("accounts_passkeys.passkeys"))


def _passkeys(form: PasskeyForm, status: int = 200, renaming: PasskeyForm | None = None, key_id: int = 0) -> Response:
    return show(
        "accounts/staff/passkeys.html",
        status=status,
        form=form,
        renaming=renaming,
        renamed_id=key_id,
        keys=queries.list_of(me().id),
    )
