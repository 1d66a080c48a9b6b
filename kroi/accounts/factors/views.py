"""What changes the way somebody signs in asks first who they are, unless they have just shown it."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Response, request

from kroi.accounts.access import me
from kroi.accounts.sessions import rules
from kroi.core import clock
from kroi.web.htmx import see
from kroi.web.urls import url_for

Args = ParamSpec("Args")
Answer = TypeVar("Answer")


def needed(back: str, *kept: str) -> Callable[[Callable[Args, Answer]], Callable[Args, Answer | Response]]:
    """Lead to the question first, and from there to the page `back` (an endpoint), with these parts of the address."""

    def guard(view: Callable[Args, Answer]) -> Callable[Args, Answer | Response]:
        @functools.wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Answer | Response:
            if not rules.is_proven(me().proven_at, clock.now()):
                page = url_for(back, **{name: (request.view_args or {})[name] for name in kept})
                return see(url_for("accounts_factors.confirm", next=page))
            return view(*args, **kwargs)

        return guarded

    return guard
