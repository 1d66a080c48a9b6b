"""The decorator by which a view says that its page may be given out again to whoever got it."""

import functools
from collections.abc import Callable
from typing import ParamSpec

from flask import Response, request

from kroi.accounts import access
from kroi.accounts.kept.offers import OFFER, Offer
from kroi.accounts.sessions import service as sessions
from kroi.db.tenancy import current_dealership_id

Args = ParamSpec("Args")


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
