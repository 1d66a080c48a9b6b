"""WSGI: a portal page that somebody asks for again is given out as it was, when one query says that all is as it was.

The query asks whether their session lives, who they are, and how far the audit is: every change of state is audited.
What is not (views, mails that left) may be as old as a page may live. A page is found by the whole Cookie header,
which a POST changes, so everybody sees their own changes at once.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, request
from flask import session as cookie
from sqlalchemy.exc import SQLAlchemyError

from kroi.accounts.kept.offers import OFFER, Offer
from kroi.accounts.sessions import service
from kroi.core import clock
from kroi.web.traces import OTHER, ROUTE
from kroi.web.urls import Environ, Wsgi

LIVES = timedelta(seconds=2)
_MOST, _LARGEST = 200, 100_000  # pages, bytes of one
_TELLS_APART = (
    *("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_COOKIE"),
    *("HTTP_ACCEPT_ENCODING", "HTTP_HX_REQUEST", "HTTP_HX_REQUEST_TYPE"),
)
"""All of a request that marked views look at."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """An answer, whose it is, as of which state, and until when it may be given out."""

    offer: Offer
    until: datetime
    headers: list[tuple[str, str]]
    body: bytes
    route: str


class Kept:
    """In front of the app: the same page for the same person, while nothing happened."""

    def __init__(self, app: Wsgi, flask: Flask) -> None:
        self._app, self._flask = app, flask
        self._pages: dict[bytes, Page] = {}
        self.lives = LIVES

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer, or let the app."""
        if environ["REQUEST_METHOD"] != "GET" or not environ["PATH_INFO"].startswith("/staff"):
            return self._app(environ, start_response)
        if "HTTP_COOKIE" not in environ or not self.lives:
            return self._app(environ, start_response)
        self._forget_old()
        key = _key(environ)
        page = self._pages.get(key)
        if page is not None and self._is_true(page):
            environ[ROUTE] = page.route
            start_response("200 OK", page.headers)
            return [page.body]
        return self._make(key, environ, start_response)

    def forget_everything(self) -> None:
        """The database is another one now."""
        self._pages.clear()

    def _make(self, key: bytes, environ: Environ, start_response: Any) -> Iterable[bytes]:
        offer = environ[OFFER] = Offer()
        said: list[tuple[str, list[tuple[str, str]]]] = []
        since = clock.now()

        def hear(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            said.append((status, headers))
            return start_response(status, headers, *rest)

        answer = self._app(environ, hear)
        if offer.mark is None:
            return answer
        body = _read(answer)
        status, headers = said[-1]
        if _may_be_kept(status, headers, body) and len(self._pages) < _MOST:
            until = min(since + self.lives, _next_minute(since))
            self._pages[key] = Page(offer, until, headers, body, environ.get(ROUTE, OTHER))
        return [body]

    def _is_true(self, page: Page) -> bool:
        """Is it the same session, the same person with the same rights, and has nothing been audited since?"""
        try:
            with self._flask.app_context():
                return service.find_mark(page.offer.dealership_id, page.offer.digest) == page.offer.mark
        except SQLAlchemyError as error:
            _log.warning("a page is made anew, nobody says what changed: %s", type(error).__name__)
            return False

    def _forget_old(self) -> None:
        now = clock.now()
        for key, page in list(self._pages.items()):  # the oldest come first
            if now < page.until:
                break
            self._pages.pop(key, None)


def _key(environ: Environ) -> bytes:
    told = repr([environ.get(name) for name in _TELLS_APART])
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=32).digest()


def _read(answer: Iterable[bytes]) -> bytes:
    try:
        return b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


def _may_be_kept(status: str, headers: list[tuple[str, str]], body: bytes) -> bool:
    told = {name.lower(): value for name, value in headers}
    html = told.get("content-type", "").startswith("text/html")
    return status.startswith("200") and html and "set-cookie" not in told and len(body) <= _LARGEST


def _next_minute(moment: datetime) -> datetime:
    """Pages count minutes."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _turn(response: Response) -> Response:
    """What somebody does in the portal changes their cookie, and with it where their pages are kept."""
    if request.method == "POST" and request.path.startswith("/staff") and "_user_id" in cookie:
        cookie["turn"] = secrets.token_hex(4)
    return response


def install(app: Flask) -> None:
    """Keep the pages of `app` whose views are marked."""
    app.after_request(_turn)
    found = Kept(app.wsgi_app, app)
    app.extensions["kroi.kept"] = found
    app.wsgi_app = found  # type: ignore[method-assign]  # Flask's way
