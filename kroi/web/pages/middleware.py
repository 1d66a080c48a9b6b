"""WSGI: answers with a page from memory where one is true and in time; a query or a template is nowhere near."""

import io
import logging
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import Flask
from werkzeug.exceptions import HTTPException

from kroi.core import clock
from kroi.web import urls
from kroi.web.pages import answers
from kroi.web.pages.answers import Made
from kroi.web.pages.marks import DRAFT, Draft, reads_of
from kroi.web.pages.shelves import Page, Shelves
from kroi.web.traces import OTHER, ROUTE
from kroi.web.urls import Environ, Wsgi

_LONGEST = 1_000  # characters of path, query and host; longer addresses are the app's
_MOST_ADDRESSES = 10_000
_BLIND = 1.0  # seconds without a look after one that failed
_REPORTS_EVERY = 60.0  # seconds
_log = logging.getLogger(__name__)
_Asked = tuple[str, str, str, bool, bool]


@dataclass(frozen=True)
class House:
    """A dealership as far as its pages go. `profile` is another object whenever it was read again."""

    id: int
    host: str
    language: str
    profile: object


@dataclass(frozen=True)
class Look:
    """What the database says now: the catalogue's version, the cars changed since ours (`None`: any)."""

    house: House
    version: int
    changed: frozenset[int] | None
    until: datetime
    """When its pages change by themselves: the next hour of opening or closing, or midnight."""


class News(Protocol):
    """Where we hear of changes."""

    def find(self, host: str) -> House | None:
        """Who lives under this host, as far as we know without asking."""

    def version(self, dealership_id: int) -> int | None:
        """The catalogue's version, if somebody looked just now; `None` when it is time to look again."""

    def look(self, host: str, known: Callable[[int], int | None]) -> Look | None:
        """Ask the database; `known` says which version we have of a dealership. `None`: nobody lives there."""


class PageCache:
    """Wraps the app. A page is made for a request that holds nothing but its key, so nothing else can get into it."""

    def __init__(self, app: Wsgi, flask: Flask, news: News, shelves: Shelves) -> None:
        self._app, self._flask, self._news = app, flask, news
        self._map = flask.url_map.bind("localhost")
        self.shelves = shelves
        self._addresses: dict[_Asked, Page] = {}  # as they were sent, with everything that the page ignores
        self._profiles: dict[int, object] = {}
        self._until: dict[int, datetime] = {}
        self._blind_until = 0.0
        self._reported_at = time.monotonic()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer, or let the app."""
        method, get = environ["REQUEST_METHOD"], environ.get
        if method != "GET" and method != "HEAD":
            return self._app(environ, start_response)
        asked = (
            get("HTTP_HOST", ""),
            get("PATH_INFO", ""),
            get("QUERY_STRING", ""),
            "HTTP_HX_REQUEST" in environ,
            get("HTTP_HX_REQUEST_TYPE") == "partial",
        )
        page = self._addresses.get(asked)
        if page is None or not self._is_good(page):
            return self._slowly(asked, environ, start_response)
        return self._send(page, environ, start_response)

    def forget_everything(self) -> None:
        """The database is another one now."""
        self._addresses.clear()
        self._profiles.clear()
        self._until.clear()
        self.shelves.clear()

    def _is_good(self, page: Page) -> bool:
        return page.alive and self._is_true(page.dealership_id) and page.since <= clock.now() < page.until

    def _is_true(self, dealership_id: int) -> bool:
        """Are we as far as the catalogue is? Others look, too, and may know of changes that we have not heard of."""
        version = self._news.version(dealership_id)
        return version is not None and version == self.shelves.version(dealership_id)

    def _send(self, page: Page, environ: Environ, start_response: Any) -> Iterable[bytes]:
        page.used = True
        environ[ROUTE] = page.route
        figures = self.shelves.figures(page.dealership_id)
        figures.hits += 1
        body, grown = answers.send(page, environ, start_response)
        if grown:
            self.shelves.grow(page, grown)
        elif not body and environ["REQUEST_METHOD"] == "GET":
            figures.unchanged += 1
        return body

    def _slowly(self, asked: _Asked, environ: Environ, start_response: Any) -> Iterable[bytes]:
        reads = self._reads(asked, environ)
        house = self._house(asked[0]) if reads else None
        language = urls.split_language(asked[1])[0]
        if reads is None or house is None or language == house.language:
            return self._app(environ, start_response)
        query = reads(asked[2])
        key = (asked[1], query, *asked[3:])
        page = self.shelves.find(house.id, key, clock.now())
        if page is None:
            return self._make(key, query, house, asked, environ, start_response)
        self._remember(asked, page)
        return self._send(page, environ, start_response)

    def _reads(self, asked: _Asked, environ: Environ) -> Callable[[str], str] | None:
        """How the page at this address reads its query; `None` when its pages are not kept."""
        path = urls.split_language(asked[1])[1]
        if sum(map(len, asked[:3])) > _LONGEST or environ.get("SCRIPT_NAME") or not asked[1].startswith("/"):
            return None
        try:
            endpoint, _values = self._map.match(path, "GET")
        except HTTPException:
            return None
        return reads_of(self._flask.view_functions[endpoint])

    def _house(self, host: str) -> House | None:
        """Who lives under this host, with shelves that are true; `None` when we cannot say."""
        house = self._news.find(host)
        if house is not None and house.id in self._until and self._is_true(house.id):
            return house
        if time.monotonic() < self._blind_until:
            return None
        try:
            look = self._news.look(host, self.shelves.version)
        except Exception as error:  # no page without knowing that it is true
            self._blind_until = time.monotonic() + _BLIND
            _log.warning("pages are made anew, nobody says what changed: %s", type(error).__name__)
            return None
        return self._hear(look) if look else None

    def _hear(self, look: Look) -> House:
        house = look.house
        known = self._profiles.get(house.id)
        if known is not house.profile:  # read again: who lives where may have changed as well
            self._addresses.clear()
            self._profiles[house.id] = house.profile
        same = known is None or known == house.profile
        self.shelves.move_on(house.id, look.version, look.changed if same else None)
        self._until[house.id] = look.until
        self._report()
        return house

    def _make(
        self, key: Hashable, query: str, house: House, asked: _Asked, environ: Environ, start_response: Any
    ) -> Iterable[bytes]:
        self.shelves.figures(house.id).misses += 1
        version, since, draft = self.shelves.version(house.id), clock.now(), Draft()
        bare = _bare(environ, asked, query, house.host) | {DRAFT: draft}
        made = Made(self._app, bare)
        until = min(self._until[house.id], draft.until or self._until[house.id])
        page = made.page(house.id, draft.car_ids, since, until)
        page.route = bare.get(ROUTE, OTHER)
        if made.may_be_kept():
            body, _grown = answers.send(page, environ, start_response)  # compressed before it is weighed
            if version is not None and self.shelves.add(key, page, version):
                self._remember(asked, page)
            return body
        return answers.send(page, environ, start_response)[0]

    def _remember(self, asked: _Asked, page: Page) -> None:
        if len(self._addresses) >= _MOST_ADDRESSES:
            self._addresses.clear()
        self._addresses[asked] = page

    def _report(self) -> None:
        if time.monotonic() - self._reported_at > _REPORTS_EVERY:
            self._reported_at = time.monotonic()
            told = " ".join(f"{name}={value}" for name, value in self.shelves.described().items())
            _log.info("pages: %s", told)


def _bare(environ: Environ, asked: _Asked, query: str, host: str) -> Environ:
    """A request that says what is in the page's key, and nothing else."""
    bare = {name: value for name, value in environ.items() if name.startswith("wsgi.")}
    bare |= {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": asked[1],
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host or "any.invalid",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    bare |= {"HTTP_HX_REQUEST": "true"} if asked[3] else {}
    return bare | ({"HTTP_HX_REQUEST_TYPE": "partial"} if asked[4] else {})


def install(app: Flask, news: News) -> None:
    """Keep the pages of `app` whose views are marked."""
    cache = PageCache(app.wsgi_app, app, news, Shelves())
    app.extensions["kroi.pages"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]  # Flask's way
