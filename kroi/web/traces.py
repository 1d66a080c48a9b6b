"""What is known of a request beside its answer: its number, and the rule of its address; for logs and for counting."""

import os
import secrets
from contextvars import ContextVar

from flask import Flask, request

from kroi.web.urls import Environ

ROUTE, REQUEST_ID = "kroi.route", "kroi.request_id"  # of the environ
NO_PAGE, OTHER = "(no such page)", "(other)"
_RUN = secrets.token_hex(4)
_none: Environ = {}
current: ContextVar[Environ] = ContextVar("kroi_environ", default=_none)
"""The request that is being answered, also outside of Flask; without one it is empty."""


def request_id() -> str | None:
    """The number of the request that is being answered: a trusted proxy's word, or one of our own."""
    found = current.get().get(REQUEST_ID)
    return f"{_RUN}-{os.getpid():x}-{found:x}" if isinstance(found, int) else found


def route() -> str | None:
    """The rule of its address, never the address itself: that may hold a link's secret."""
    return current.get().get(ROUTE)


def _note() -> None:
    rule = request.url_rule.rule if request.url_rule else NO_PAGE
    request.environ[ROUTE] = rule
    answered = current.get()
    if answered is not _none:  # a page that is made to be kept has an environ of its own
        answered[ROUTE] = rule


def install(app: Flask) -> None:
    """Have each request say which rule it follows, before anything looks at it."""
    app.before_request_funcs.setdefault(None, []).insert(0, _note)
