"""WSGI: a page that asks whether anything happened, when nothing did, is answered before anything else wakes up.

Who may know was asked when the tag was given; the tag holds for the same cookies only, and says nothing but "no news".
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask

from kroi.core.config import Settings
from kroi.leads.live import tags
from kroi.leads.live.versions import Versions
from kroi.leads.live.versions import install as install_versions
from kroi.web.headers import HEADERS
from kroi.web.traces import ROUTE
from kroi.web.urls import Environ, Wsgi

PULSE = "/staff/pulse"


class Quiet:
    """In front of the app: 304 without a query, a template or a session."""

    def __init__(self, app: Wsgi, versions: Versions, secret: str) -> None:
        self._app, self._versions, self._secret = app, versions, secret

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer when there is no news, or let the app."""
        tag = environ.get("HTTP_IF_NONE_MATCH", "")
        if not tag or environ["PATH_INFO"] != PULSE or environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start_response)
        known = tags.read(self._secret, tag, environ.get("HTTP_COOKIE", ""))
        if known is None or self._versions.get(known[0]) != known[1]:
            return self._app(environ, start_response)
        environ[ROUTE] = PULSE
        start_response("304 NOT MODIFIED", [("ETag", tag), ("Cache-Control", "private, no-cache"), *HEADERS.items()])
        return []


def install(app: Flask) -> None:
    """Answer the idle questions of `app` in front of it."""
    settings: Settings = app.extensions["kroi.settings"]
    versions = install_versions(app, settings.instance / "lead-versions")
    app.wsgi_app = Quiet(app.wsgi_app, versions, settings.secret_key)  # type: ignore[method-assign]  # Flask's way
