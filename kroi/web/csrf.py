"""Writes from other sites are refused by what browsers say about a request; pages carry no token.

A write is taken when the browser says `Sec-Fetch-Site: same-origin`, or, from browsers that do not say it, when
`Origin` is exactly ours; when both are there both must agree. Everything else is refused, and so is a body type that
another site's plain form could send and ours never does. See docs/decisions.
"""

import logging

from flask import Flask, request
from flask_babel import gettext as _

from kroi.core.errors import Forbidden
from kroi.web import problems

_log = logging.getLogger(__name__)
SAFE = {"GET", "HEAD", "OPTIONS"}
BODIES = {"", "application/x-www-form-urlencoded", "multipart/form-data"}
EXEMPT: frozenset[str] = frozenset()  # endpoints that a signed or a bearer token authorises; a test reads this list


def install(app: Flask) -> None:
    """Guard every request of `app`."""
    app.before_request(refuse_foreign_writes)


def refuse_foreign_writes() -> None:
    """Raises Forbidden for a write that our own pages did not send."""
    if request.method in SAFE or request.endpoint in EXEMPT:
        return
    if request.routing_exception is not None and problems.wanted():
        return  # nothing is there that could be done: a machine is told 404 or 405, not where it should come from
    if not _from_our_page() or request.mimetype not in BODIES:
        _log.warning("refused: not from our own page")
        raise Forbidden(_("This form was not sent from our own page. Nothing was changed."))


def _from_our_page() -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return origin.lower() == f"{request.scheme}://{request.host}".lower()
    return site is not None
