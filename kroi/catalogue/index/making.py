"""The thread behind the indexes: makes those that are too large to be made while a page waits, and checks them all."""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.util import Finalize

from flask import Flask

from kroi.catalogue.index import building, checking
from kroi.catalogue.index.keeping import keeper
from kroi.db.bulk import batches
from kroi.db.model import session
from kroi.db.tenancy import acting_for

_log = logging.getLogger(__name__)
CHECKS_EVERY = 60.0  # seconds between two looks at the same index, while it is used
_SHARE = 200  # a check waits so many times as long as the last one took
_STEP = 0.01  # seconds of rest while rows are counted before anybody asks
_AHEAD, _AT_ONCE = 10_000, 500  # cars whose facts are read before anybody asks for them, and in one statement
_GOODBYE = 2.0  # seconds that the end of the process waits for the thread


class _Over(Exception):
    """The process ends."""


class Maker:
    """One thread for each process. It starts with the first wish, so that it lives on this side of a fork."""

    def __init__(self) -> None:
        self._process: int | None = None
        self.then: Callable[[Sequence[int]], object] | None = None  # told the newest cars of every index that was made
        self._begin()

    def _begin(self) -> None:
        self._changed = threading.Condition()
        self._asked: dict[int, Flask] = {}
        self._making: int | None = None
        self._used: dict[int, Flask] = {}
        self._check_at: dict[int, float] = {}
        self._preparing: set[int] = set()
        self._over = False
        self._thread: threading.Thread | None = None

    def ask(self, app: Flask, dealership_id: int) -> None:
        """Make this dealership's index soon."""
        self._start()
        with self._changed:
            if self._making != dealership_id:
                self._asked[dealership_id] = app
                self._changed.notify()

    def note_use(self, app: Flask, dealership_id: int) -> None:
        """This dealership's index is being asked: it is worth checking."""
        if dealership_id in self._used and self._process == os.getpid():
            return
        self._start()
        self._check_at.setdefault(dealership_id, time.monotonic() + CHECKS_EVERY)
        self._used[dealership_id] = app

    def _start(self) -> None:
        if self._process == os.getpid():
            return
        self._begin()
        self._process = os.getpid()
        self._thread = threading.Thread(target=self._run, name="kroi-index", daemon=True)
        self._thread.start()
        atexit.register(self.end)
        Finalize(None, self.end, exitpriority=10)  # worker processes end without atexit

    def end(self) -> None:
        """The process ends: give up what is being made."""
        if self._thread is None or self._process != os.getpid():
            return
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join(_GOODBYE)

    def _run(self) -> None:
        while not self._over:
            with self._changed:
                if not self._asked:
                    self._changed.wait(_STEP if self._preparing else 1.0)
                asked = self._asked.popitem() if self._asked else None
                self._making = asked[0] if asked else None
            if asked:
                self._make(*asked)
            elif self._preparing:
                self._preparing = {each for each in self._preparing if (kept := keeper.find(each)) and kept.prepare()}
            else:
                self._check_next()

    def _make(self, dealership_id: int, app: Flask) -> None:
        try:
            with app.app_context(), acting_for(dealership_id):
                begun = time.monotonic()
                version, stock = building.build(self._breathe)
                keeper.put(dealership_id, version, stock)
                self._preparing.add(dealership_id)
                _log.info("index of %d cars made in %.1f s", len(stock), time.monotonic() - begun)
                self._tell(stock.newest(_AHEAD))
        except _Over:
            return
        except Exception as error:  # pages go on without it; the next one asks again
            _log.warning("index could not be made: %s", type(error).__name__)

    def _tell(self, newest: Sequence[int]) -> None:
        if self.then is None:
            return
        for some in batches(newest, _AT_ONCE):
            self._breathe()
            self.then(some)
            session.rollback()  # each sees the stock as it is by then

    def _breathe(self) -> None:
        if self._over:
            raise _Over
        time.sleep(0)

    def _check_next(self) -> None:
        now = time.monotonic()
        due = next((each for each in list(self._used) if self._check_at[each] <= now), None)
        if due is None:
            return
        app = self._used.pop(due)
        try:
            with app.app_context(), acting_for(due):
                checking.check()
        except Exception as error:  # the database is away: it is looked at when somebody asks again
            _log.warning("index could not be checked: %s", type(error).__name__)
        self._check_at[due] = time.monotonic() + max(CHECKS_EVERY, _SHARE * (time.monotonic() - now))


maker = Maker()
