"""How a view says that its page may be given out again to whoever got it, or be read from the replica."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Response, request

from kroi.accounts import access
from kroi.accounts.kept.offers import OFFER, Offer
from kroi.accounts.sessions import service as sessions
from kroi.db import replica
from kroi.db.tenancy import current_dealership_id

Args = ParamSpec("Args")
Answer = TypeVar("Answer")


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


def from_replica(view: Callable[Args, Answer]) -> Callable[Args, Answer]:
    """The view only reads, and may read from a replica that knows the audit as far as its reader's recognition did.

    So it shows every audited change, one's own of a moment ago too. Stands last above the view.
    """

    @functools.wraps(view)
    def show(*args: Args.args, **kwargs: Args.kwargs) -> Answer:
        if replica.find() is None:
            return view(*args, **kwargs)
        known = access.me().mark[-1:]
        record = known[0] if known and isinstance(known[0], int) else 0
        return replica.read(lambda: view(*args, **kwargs), may=lambda: sessions.record() >= record)

    return show
