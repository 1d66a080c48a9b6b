"""Writes down once a second what this process counted, and says it all in Prometheus' words when asked."""

import atexit
import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from multiprocessing.util import Finalize
from pathlib import Path

from flask import Flask, current_app
from prometheus_client import Metric as Family
from prometheus_client import generate_latest
from sqlalchemy.exc import SQLAlchemyError

from kroi.core import clock
from kroi.core.config import Settings
from kroi.core.version import VERSION
from kroi.db import replica
from kroi.db.model import session
from kroi.notifications.worker.rules import MARK
from kroi.operations.backup import records
from kroi.operations.health import service as health
from kroi.operations.health.rules import State
from kroi.operations.health.service import Health
from kroi.operations.metrics import middleware, queries, readings, rules
from kroi.operations.metrics.rules import Metric, Value
from kroi.operations.metrics.sharing import Folder

_log = logging.getLogger(__name__)
_STROKE = 1.0  # seconds
_STARTING = threading.Lock()
_LEADS_FOR = 15.0  # seconds that a count of leads is good for


class Book:
    """This process's part. The thread starts with the first request, so that it lives on this side of a fork."""

    def __init__(self, app: Flask, folder: Folder, *, by_itself: bool) -> None:
        self._app, self.folder, self._by_itself = app, folder, by_itself
        self._process: int | None = None
        self._serves = False
        self._writing = threading.Lock()
        self._leads: dict[str, int] = {}
        self._leads_until = float("-inf")

    def served(self) -> None:
        """A request comes in."""
        self._serves = True
        if self._by_itself and self._process != os.getpid():
            with _STARTING:  # no process forks once it serves, so nobody inherits it locked
                if self._process != os.getpid():
                    self._start()

    def write(self) -> None:
        """Write down what was counted so far. A full disk loses figures and nothing else."""
        with self._writing:
            try:
                self.folder.write(readings.read(self._app, serves=self._serves))
            except (OSError, ValueError) as error:
                _log.warning("metrics cannot be written: %s", type(error).__name__)

    def totals(self) -> dict[tuple[str, ...], float]:
        """The sums over all processes by sample and values of its labels (in order of their names). Raises OSError."""
        self.write()
        samples = (sample for family in self.folder.read() for sample in family.samples)
        return {(each.name, *(each.labels[name] for name in sorted(each.labels))): each.value for each in samples}

    def forget_everything(self) -> None:
        """The database is another one now."""
        self._leads_until = float("-inf")

    def say(self) -> bytes:
        """Everything, as Prometheus reads it: this process as it is now, the others as of their last second."""
        self.write()
        return generate_latest(_Told([*self._counted(), *self._seen()]))

    def _counted(self) -> list[Family]:
        """Of all processes; where the folder cannot be read the alerts still learn how the parts are."""
        try:
            return self.folder.read()
        except OSError as error:
            _log.warning("metrics cannot be read: %s", type(error).__name__)
            return []

    def _seen(self) -> list[Family]:
        found = health.look(self._app.extensions["kroi.settings"])
        instance = self._app.extensions["kroi.settings"].instance
        values = [*_seen(found), *_noted(instance), *_replica(), *rules.sums(rules.LEADS, self._count_leads())]
        return [_family(metric, [each for each in values if each.metric is metric]) for metric in rules.SEEN]

    def _count_leads(self) -> dict[str, int]:
        """Now and then: of a year's leads a count takes a while. Without a database there is none."""
        if time.monotonic() > self._leads_until:
            try:
                self._leads = queries.count_leads()
            except (SQLAlchemyError, OSError) as error:
                self._leads = {}
                _log.warning("metrics without leads: %s", type(error).__name__)
            finally:
                session.rollback()
            self._leads_until = time.monotonic() + _LEADS_FOR
        return self._leads

    def _start(self) -> None:
        self._writing = threading.Lock()
        self._process = os.getpid()
        threading.Thread(target=self._run, name="kroi-metrics", daemon=True).start()
        atexit.register(self.write)
        Finalize(None, self.write, exitpriority=10)  # worker processes end without atexit

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self.write()
            pause.wait(_STROKE)


class _Told:
    """Families that are known already, as a collector."""

    def __init__(self, families: list[Family]) -> None:
        self._families = families

    def collect(self) -> Iterable[Family]:
        """All of them."""
        return self._families


def _seen(found: Health) -> list[Value]:
    facts = {name: part.facts for name, part in found.parts.items()}
    states = {name: float(list(State).index(part.state)) for name, part in found.parts.items()}
    took, queue, backup = facts["database"].get("milliseconds"), facts.get("queue", {}), facts.get("backup", {})
    made = backup.get("last_good")
    numbers = {
        rules.LATENCY: float(took) / 1000 if took is not None else None,
        rules.DISK: found.room.free,
        rules.WAITING: queue.get("waiting"),
        rules.QUEUE_AGE: queue.get("oldest_seconds"),
        rules.BACKUP_AGE: (clock.now() - datetime.fromisoformat(str(made))).total_seconds() if made else None,
        rules.BACKUP_FAILED: int(backup.get("last_failed") is not None),
    }
    known = [Value(metric, (), float(number)) for metric, number in numbers.items() if number is not None]
    return [Value(rules.INFO, (VERSION,), 1), *rules.sums(rules.HEALTH, states), *known]


def _noted(instance: Path) -> Iterator[Value]:
    """What stands in files: the last trial restore, and the worker's last round."""
    trial = records.find_trial(instance)
    if trial:
        yield Value(rules.RESTORE, (), trial.seconds)
    with contextlib.suppress(OSError):
        yield Value(rules.TURN, (), max(0.0, clock.now().timestamp() - (instance / MARK).stat().st_mtime))


def _replica() -> Iterator[Value]:
    found = replica.find()
    if found:
        yield Value(rules.REPLICA_UP, (), int(found.keeps_up()))
        behind = found.behind()
        if behind is not None:
            yield Value(rules.REPLICA_BEHIND, (), behind)


def _family(metric: Metric, values: Iterable[Value]) -> Family:
    made = Family(metric.name, metric.help, metric.kind.value)
    for value in values:
        made.add_sample(metric.name, dict(zip(metric.labels, value.labels, strict=True)), value.number)
    return made


def write_down() -> None:
    """The worker's part: nobody asks it anything, so it writes down its figures as a chore."""
    book: Book = current_app.extensions["kroi.metrics"]
    book.write()


def install(app: Flask) -> None:
    """Count what `app` answers. In tests nothing is written behind their back."""
    settings: Settings = app.extensions["kroi.settings"]
    book = Book(app, Folder(settings.instance / "metrics"), by_itself=not app.testing)
    app.extensions["kroi.metrics"] = book
    middleware.install(app, book.served)
