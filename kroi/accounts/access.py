"""Who may: permissions, what each role has, and the decorator by which every staff route names its own."""

import enum
import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Response, make_response, request
from flask_login import current_user

from kroi.accounts.models import Role, User
from kroi.core.errors import Forbidden
from kroi.web import urls
from kroi.web.htmx import is_htmx, see

Args = ParamSpec("Args")
Answer = TypeVar("Answer")


class Permission(enum.StrEnum):
    """One thing that somebody may be allowed to do."""

    USE_PORTAL = "use portal"
    READ_LEADS = "read leads"
    WORK_LEADS = "work leads"
    WORK_ALL_LEADS = "work all leads"
    ASSIGN_LEADS = "assign leads"
    READ_CARS = "read cars"
    RESERVE_CARS = "reserve cars"
    EDIT_CARS = "edit cars"
    READ_REPORTS = "read reports"
    MANAGE_USERS = "manage users"


_SALES = {
    Permission.USE_PORTAL,
    Permission.READ_LEADS,
    Permission.WORK_LEADS,
    Permission.READ_CARS,
    Permission.RESERVE_CARS,
}
_MANAGER = _SALES | {
    Permission.WORK_ALL_LEADS,
    Permission.ASSIGN_LEADS,
    Permission.EDIT_CARS,
    Permission.READ_REPORTS,
}
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SALES: frozenset(_SALES),
    Role.MANAGER: frozenset(_MANAGER),
    Role.OWNER: frozenset(Permission),
}


def may(user: User, permission: Permission | str) -> bool:
    """Does this person's role have the permission?"""
    return permission in ROLE_PERMISSIONS[user.role]


def me() -> User:
    """The signed-in person, on a route that `allow` guards."""
    user: User = current_user._get_current_object()
    return user


def allow(permission: Permission) -> Callable[[Callable[Args, Answer]], Callable[Args, Answer | Response]]:
    """Let only staff with `permission` in: anonymous people go to sign-in, others are refused with 403."""

    def guard(view: Callable[Args, Answer]) -> Callable[Args, Answer | Response]:
        @functools.wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Answer | Response:
            if not current_user.is_authenticated:
                return _to_sign_in()
            if not may(me(), permission):
                raise Forbidden("Your role does not allow this.")
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def _to_sign_in() -> Response:
    back = urls.this_address() if request.method == "GET" else None
    address = urls.url_for("accounts.sign_in", next=back)
    if is_htmx():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = urls.url_for("accounts.sign_in")
        return response
    return see(address)
