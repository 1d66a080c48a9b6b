"""The worker's loop: sweep the outbox, do the chores that are due, wait a little; it ends only when told to."""

import contextlib
import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from kroi.db.model import session
from kroi.db.statistics import listening
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.notifications.delivery import service as delivery
from kroi.notifications.delivery.carriers import NotCarried
from kroi.notifications.delivery.service import Post
from kroi.notifications.worker import rules, tally
from kroi.notifications.worker.rules import Chore

_log = logging.getLogger(__name__)


class Worker:
    """One worker. Several may run side by side: a message is claimed by one, a chore done twice does no harm.

    `mark` is a file that is touched after each round, for whoever watches whether it still turns.
    """

    def __init__(self, post: Post, chores: Sequence[Chore], mark: Path | None = None) -> None:
        self._post, self._mark = post, mark
        self._chores = chores
        self._done_at: dict[str, float] = {}
        self._told_to_stop = threading.Event()
        self._failures = 0
        self._mail_failures = 0
        self._mail_pause_ends = 0.0

    def stop(self) -> None:
        """End after the message in hand."""
        self._told_to_stop.set()

    def run(self) -> None:
        """Work until told to stop."""
        while not self._told_to_stop.is_set():
            pause = self.round()
            self._leave_mark()
            self._told_to_stop.wait(pause)

    def _leave_mark(self) -> None:
        if self._mark is not None:
            with contextlib.suppress(OSError):  # a full disk is no reason to stop
                self._mark.touch()

    def round(self) -> float:
        """One round; answers how many seconds to wait before the next. A failing database is waited for."""
        try:
            self._sweep()
            self._do_chores()
        except Exception as error:  # the worker outlives whatever its surroundings do
            self._failures += 1
            _log.error("round failed, %s in a row: %s", self._failures, type(error).__name__)
            return rules.outage_wait(self._failures)
        else:
            self._failures = 0
            return rules.BETWEEN_SWEEPS
        finally:
            session.remove()

    def _sweep(self) -> None:
        if time.monotonic() < self._mail_pause_ends:
            return
        try:
            delivery.sweep(self._post, self._told_to_stop.is_set)
            self._mail_failures = 0
        except NotCarried:
            self._mail_failures += 1
            self._mail_pause_ends = time.monotonic() + rules.pause_after(self._mail_failures)

    def _do_chores(self) -> None:
        for chore in self._chores:
            if not rules.is_due(self._done_at.get(chore.name), chore.every, time.monotonic()):
                continue
            if self._told_to_stop.is_set():
                return
            self._done_at[chore.name] = time.monotonic()
            with listening.errand(f"chore: {chore.name}"):
                self._do(chore)

    def _do(self, chore: Chore) -> None:
        try:
            if not chore.each_dealership:
                chore.work()
            else:
                for profile in dealerships.list_profiles():
                    with acting_for(profile.id):
                        chore.work()
            tally.note(chore.name, tally.DONE)
        except Exception as error:  # one chore's fault must not starve the others
            tally.note(chore.name, tally.FAILED)
            _log.error("chore %s failed: %s", chore.name, type(error).__name__)
