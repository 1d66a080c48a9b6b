"""WSGI: gives each request its number, and counts and times its answer. Costs about two microseconds."""

import re
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import count
from time import perf_counter
from typing import Any

from flask import Flask

from kroi.core.config import Settings
from kroi.operations.metrics import rules
from kroi.operations.metrics.rules import BOUNDS, Times
from kroi.web.traces import OTHER, REQUEST_ID, ROUTE, current, request_id
from kroi.web.urls import Environ, Wsgi

_HEADER = "X-Request-ID"
_is_well_formed = re.compile(r"[A-Za-z0-9._-]{8,64}").fullmatch
_FILES = "/static/"
Asked = tuple[str, str, str]


class Measured:
    """In front of everything that may answer. A number that somebody else gave counts only from a trusted proxy."""

    def __init__(self, app: Wsgi, *, trusts: bool, served: Callable[[], None]) -> None:
        self._app, self._trusts, self._served = app, trusts, served
        self._lock = threading.Lock()
        self._times: dict[Asked, Times] = defaultdict(Times)
        self._next = count(1).__next__

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Let the app answer, and note how long it took to begin."""
        began = perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID") if self._trusts else None
        environ[REQUEST_ID] = given if given and _is_well_formed(given) else self._next()
        current.set(environ)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            key = (environ.get(ROUTE) or _elsewhere(environ), _method(environ), status[:3])
            took = perf_counter() - began
            with self._lock:
                times = self._times[key]
                times.seconds += took
                times.buckets[bisect_left(BOUNDS, took)] += 1
            if given or status >= "4":  # whoever is refused may name it to us; all else is the same for everybody
                headers = [*headers, (_HEADER, request_id() or "")]
            return start_response(status, headers, *more)

        self._served()
        return self._app(environ, start)

    def times(self) -> dict[Asked, Times]:
        """Route rule, method and status of what was answered so far, and how long that took."""
        with self._lock:
            return {key: Times(found.seconds, list(found.buckets)) for key, found in self._times.items()}

    def forget_everything(self) -> None:
        """Begin anew, as after a start."""
        with self._lock:
            self._times.clear()


def _elsewhere(environ: Environ) -> str:
    """For what is answered before any rule is looked for. Never the address: it may be anybody's, and anything."""
    return "/static/<path:name>" if environ.get("PATH_INFO", "").startswith(_FILES) else OTHER


def _method(environ: Environ) -> str:
    """One of few: a visitor may send any word, and without number."""
    name: str = environ["REQUEST_METHOD"]
    return name if name in rules.METHODS else "other"


def install(app: Flask, served: Callable[[], None]) -> None:
    """Measure what `app` answers; `served` is told of each request and must be quick."""
    settings: Settings = app.extensions["kroi.settings"]
    found = Measured(app.wsgi_app, trusts=settings.trusted_proxies > 0, served=served)
    app.extensions["kroi.measured"] = found
    app.wsgi_app = found  # type: ignore[method-assign]  # Flask's way
