"""The page of what each role may do."""

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _

from kroi.accounts import words
from kroi.accounts.access import ROLE_PERMISSIONS, Permission, allow
from kroi.accounts.factors import queries, service
from kroi.accounts.factors import views as proof
from kroi.accounts.models import Role
from kroi.accounts.roles.words import PERMISSIONS
from kroi.db.transaction import transaction
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("accounts_roles", __name__, url_prefix="/staff/users/roles")


@staff.get("")
@allow(Permission.MANAGE_USERS)
def roles() -> Response:
    """The table of permissions, and who must have a second step."""
    rows = [
        (PERMISSIONS[permission], [permission in ROLE_PERMISSIONS[role] for role in Role]) for permission in Permission
    ]
    return show("accounts/staff/roles.html", rows=rows, roles=words.ROLES, must=queries.roles_that_must())


@staff.post("")
@allow(Permission.MANAGE_USERS)
@proof.needed("accounts_roles.roles")
def require() -> Response:
    """Other roles must have a second step."""
    chosen = frozenset(role for role in Role if role.value in request.form.getlist("role"))
    with transaction():
        service.require(chosen)
    flash(_("Saved. Who owes a second step is led to it now."))
    return see(url_for("accounts_roles.roles"))
