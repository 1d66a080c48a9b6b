"""The second hand: keeps what was seen in memory, and a thread that writes it down once a second.

Killed, a process loses what it saw since the last stroke, and nothing else; told to end, it writes that down as well.
"""

import atexit
import logging
import os
import threading
from collections import defaultdict, deque
from multiprocessing.util import Finalize

from flask import Flask

from kroi.analytics.counting import rules, service
from kroi.analytics.counting.middleware import Counting
from kroi.analytics.counting.rules import Sight
from kroi.core import clock
from kroi.db.tenancy import acting_for
from kroi.db.transaction import run_in_transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules import Profile
from kroi.web.place import LANGUAGES

_log = logging.getLogger(__name__)
STROKE = 0.5  # seconds; with the time that writing takes on a busy machine, under one
_MOST_KEPT = 200_000  # sights while the database is away; then the oldest are forgotten


class Flusher:
    """The memory of one process. The thread starts with the first sight, so that it lives on this side of a fork."""

    def __init__(self, app: Flask, *, by_itself: bool) -> None:
        self._app = app
        self._by_itself = by_itself
        self._seen: deque[tuple[str, ...]] = deque(maxlen=_MOST_KEPT)
        self._process: int | None = None
        self._writing = threading.Lock()

    def note(self, sight: tuple[str, ...]) -> None:
        """A page was loaded: the fields of a Sight."""
        if self._by_itself and self._process != os.getpid():
            self._start()
        self._seen.append(sight)

    def flush(self) -> None:
        """Write down what was seen since the last time. What cannot be written now waits for the next."""
        with self._writing:
            by_dealership: dict[str, list[Sight]] = defaultdict(list)
            for _each in range(len(self._seen)):
                sight = Sight(*self._seen.popleft())
                by_dealership[sight.host].append(sight)
            for host, sights in by_dealership.items():
                self._write(host, sights)

    def _write(self, host: str, sights: list[Sight]) -> None:
        try:
            with self._app.app_context():
                profile = dealerships.find_by_host(host)
                if profile is not None:
                    _add(profile, sights)
        except Exception as error:  # the counts wait; pages are served meanwhile
            _log.warning("views wait to be written: %s", type(error).__name__)
            self._seen.extendleft(reversed(sights))

    def _start(self) -> None:
        self._process = os.getpid()
        self._writing = threading.Lock()
        self._seen.clear()  # a parent's sights are written by the parent
        threading.Thread(target=self._run, name="kroi-views", daemon=True).start()
        atexit.register(self.flush)
        Finalize(None, self.flush, exitpriority=10)  # worker processes end without atexit

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(STROKE):
            if self._seen:
                self.flush()


def _add(profile: Profile, sights: list[Sight]) -> None:
    tally, day = rules.tally(sights, LANGUAGES), clock.today(profile.zone)
    if tally.pages or tally.vitals:
        with acting_for(profile.id):
            run_in_transaction(lambda: service.add(day, tally))


def install(app: Flask) -> None:
    """Count in front of whatever answers. In tests nothing is written behind their back: they flush themselves."""
    flusher = Flusher(app, by_itself=not app.testing)
    app.extensions["kroi.views"] = flusher
    app.wsgi_app = Counting(app.wsgi_app, flusher.note, app.config["SESSION_COOKIE_NAME"])  # type: ignore[method-assign]  # Flask's way
