"""Looking at each part, and remembering the answer for a second so that asking stays cheap."""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, literal, select

from kroi import cache
from kroi.core import clock
from kroi.core.config import Settings
from kroi.db import patience
from kroi.db.model import session
from kroi.db.tenancy import across_dealerships
from kroi.dealerships.models import Dealership
from kroi.notifications import queries as notifications
from kroi.operations.backup import records
from kroi.operations.health import rules
from kroi.operations.health.rules import Part, Room, State

_log = logging.getLogger(__name__)
_FRESH = 1.0  # seconds
_EACH, _ALL = 2.0, 4.0  # seconds for what the database is asked: whoever asks how we are gives up soon themselves
Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Health:
    """Every part by name, the state of the whole, and the disk."""

    state: State
    parts: dict[str, Part]
    room: Room


class Watch:
    """What this process last saw: one for everybody who asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Health | None = None
        self._at = float("-inf")

    def look(self, settings: Settings) -> Health:
        """The health of everything, at most a second old."""
        with self._lock:
            if self._seen is None or time.monotonic() - self._at > _FRESH:
                self._seen = _look(settings)
                self._at = time.monotonic()
            return self._seen

    def forget(self) -> None:
        """Look again when next asked."""
        self._at = float("-inf")


watch = Watch()


def look(settings: Settings) -> Health:
    """The health of everything, at most a second old."""
    return watch.look(settings)


def _look(settings: Settings) -> Health:
    room = measure_room(settings.instance)
    parts = {"cache": rules.cache(cache.answers()), "disk": rules.disk(room.free)}
    with patience.at_most(_EACH), patience.within(_ALL):
        parts = {"database": rules.database(_quietly(_ask_database)), **parts}
        if parts["database"].state is not State.UNHEALTHY:
            parts["backup"] = _quietly(lambda: _backup(settings)) or Part(State.DEGRADED)
            parts["queue"] = _quietly(_queue) or Part(State.DEGRADED)
    return Health(rules.worst(part.state for part in parts.values()), parts, room)


def _ask_database() -> int:
    start = time.perf_counter()
    session.execute(select(literal(1)))
    return round((time.perf_counter() - start) * 1000)


def _backup(settings: Settings) -> Part:
    return _backup_since(settings, session.scalar(select(func.min(Dealership.created_at))))


def _backup_since(settings: Settings, installed_at: datetime | None) -> Part:
    last, failure = records.find_last(settings.instance), records.find_failure(settings.instance)
    return rules.backup(
        last.made_at if last else None,
        installed_at,
        clock.now(),
        failure.at if failure else None,
        log_fails=failure is not None and failure.kind == records.LOG,
    )


def backup_trouble(settings: Settings) -> Part | None:
    """What is wrong with the backups, by the notes of how they went, if anything; it asks no database."""
    part = _backup_since(settings, None)
    return None if part.state is State.HEALTHY else part


def _queue() -> Part:
    with across_dealerships():
        found = notifications.measure_queue()
    return rules.queue(found.waiting, found.oldest_due_at, clock.now())


def measure_room(folder: Path) -> Room:
    """The disk that a folder is on, or will be."""
    while not folder.exists():
        folder = folder.parent
    found = shutil.disk_usage(folder)
    return Room(found.total, found.free)


def _quietly(look: Callable[[], Seen]) -> Seen | None:
    try:
        return look()
    except Exception as error:  # a part that cannot be looked at is a finding, not a failure of the look
        _log.warning("health: %s", type(error).__name__)
        return None
    finally:
        session.rollback()
