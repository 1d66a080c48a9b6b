"""Who may: permissions, what each role has, and the decorator by which every staff route names its own."""

import enum
import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response, current_app, make_response, request
from flask_babel import gettext as _
from flask_login import current_user

from kroi.accounts.models import Role, User
from kroi.core.errors import Forbidden
from kroi.web import urls
from kroi.web.htmx import is_htmx, see

Args = ParamSpec("Args")
Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)

# The only staff addresses that need no permission: the way in and the way out. A test reads this list.
OPEN = frozenset(
    {
        "accounts.sign_in",
        "accounts.try_sign_in",
        "accounts.second_step",
        "accounts.try_code",
        "accounts.sign_out",
        "accounts_tickets.forgotten",
        "accounts_tickets.ask_for_link",
        "accounts_tickets.open_link",
        "accounts_tickets.new_password",
        "accounts_tickets.choose_password",
        "accounts_emails.open_link",
        "accounts_keys.ask",
        "accounts_keys.sign_in",
    }
)


class Permission(enum.StrEnum):
    """One thing that somebody may be allowed to do."""

    USE_PORTAL = "use portal"
    READ_LEADS = "read leads"
    WORK_LEADS = "work leads"
    WORK_ALL_LEADS = "work all leads"
    ASSIGN_LEADS = "assign leads"
    MERGE_PEOPLE = "merge people"
    EXPORT_LEADS = "export leads"
    READ_CARS = "read cars"
    RESERVE_CARS = "reserve cars"
    EDIT_CARS = "edit cars"
    READ_REPORTS = "read reports"
    MANAGE_USERS = "manage users"
    MANAGE_SETTINGS = "manage settings"
    READ_AUDIT = "read audit"
    ERASE_PEOPLE = "erase people"
    OPERATE = "operate"


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
    Permission.MERGE_PEOPLE,
    Permission.EXPORT_LEADS,
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


def allow(
    permission: Permission, *, with_first_password: bool = False, without_second_step: bool = False
) -> Callable[[Callable[Args, Answer]], Callable[Args, Answer | Response]]:
    """Let only staff with `permission` in: anonymous people go to sign-in, others are refused with 403.

    Who still has the password that somebody else made is sent to choose an own one, but not `with_first_password`;
    who owes a second step is sent to set it up, but not `without_second_step`.
    """

    def guard(view: Callable[Args, Answer]) -> Callable[Args, Answer | Response]:
        @functools.wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Answer | Response:
            if not current_user.is_authenticated:
                back = urls.this_address() if request.method == "GET" else None
                return _elsewhere("accounts.sign_in", next=back)
            if not may(me(), permission):
                _log.warning("refused: user %s may not %s", me().id, permission.value)
                raise Forbidden(_("Your role does not allow this."))
            if me().temporary_until is not None and not with_first_password:
                return _elsewhere("accounts_staff.profile")
            if me().limited and me().temporary_until is None and not without_second_step:
                return _elsewhere("accounts_factors.app")
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # a mark on the function
        return guarded

    return guard


def install(app: Flask) -> None:
    """Serve no staff page that forgot to say who may see it."""
    app.before_request(_refuse_unguarded)


def _refuse_unguarded() -> None:
    if not request.path.startswith("/staff") or request.endpoint is None or request.endpoint in OPEN:
        return
    view = current_app.view_functions[request.endpoint]
    if not isinstance(getattr(view, "permission", None), Permission):
        _log.error("the staff page %s names no permission", request.endpoint)
        raise Forbidden(_("Your role does not allow this."))


def _elsewhere(endpoint: str, **values: str | None) -> Response:
    """A 303 to that page; htmx, which would swap it into this one, is told to leave."""
    if is_htmx():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = urls.url_for(endpoint)
        return response
    return see(urls.url_for(endpoint, **values))
