"""Views say that their page may be given out again, and as of which state of things it was made."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

from flask import Response, request

from kroi.accounts import access
from kroi.accounts.sessions import service as sessions
from kroi.db.tenancy import current_dealership_id

OFFER = "kroi.kept"
Args = ParamSpec("Args")


@dataclass
class Offer:
    """What a view fills in when its page may be kept."""

    dealership_id: int = 0
    digest: str = ""
    mark: tuple[object, ...] | None = None


def kept(view: Callable[Args, Response]) -> Callable[Args, Response]:
    """This page shows what audited changes make it, and else may be two seconds old. Stands below `allow`."""

    @functools.wraps(view)
    def offered(*args: Args.args, **kwargs: Args.kwargs) -> Response:
        offer: Offer | None = request.environ.get(OFFER)
        if offer is not None:
            user = access.me()
            offer.dealership_id, offer.digest = current_dealership_id(), sessions.digest(user.session_token)
            offer.mark = user.mark
        return view(*args, **kwargs)

    return offered
