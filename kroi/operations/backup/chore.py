"""The worker's part: a backup every six hours and PostgreSQL's files once a day, made by a process of their own.

The worker itself goes on with its mails meanwhile. Who has cron make backups needs nothing of this: they are not due.
"""

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from kroi.core import clock
from kroi.core.config import Settings
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.db.tenancy import across_dealerships
from kroi.dealerships.models import Dealership
from kroi.operations.backup import ledgers, records, rules, service
from kroi.operations.backup.physical import bases
from kroi.web import settings as here

_KINDS = {"backup": records.BACKUP, "base": records.BASE}
_ROOT = Path(__file__).resolve().parents[3]


class Maker:
    """At most one child at a time, looked after from look to look."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._what, self._begun_at = "", clock.now()
        self._sent = 0

    def look(self) -> str:
        """Note how the last one ended, begin what is due; what was begun, empty for nothing."""
        settings = here.settings()
        if self._child is not None:
            if self._child.poll() is None:
                return ""
            self._end(settings, self._child.returncode)
        self._what = _due(settings)
        if self._what:
            self._begun_at, self._child = clock.now(), _begin(self._what)
        return self._what

    def send_ledger(self, settings: Settings) -> bool:
        """Once for each time that it grew: a bucket need not be asked every minute."""
        size = ledgers.size()
        if size == self._sent:
            return False
        sent = ledgers.send(settings, settings.backup_url)
        self._sent = size
        return sent

    def _end(self, settings: Settings, code: int) -> None:
        """One that died says nothing itself, nor does one that could not even start."""
        self._child = None
        kind = _KINDS[self._what]
        failure = records.find_failure(settings.instance, kind)
        if not code or failure and failure.at >= self._begun_at or _is_at_work(settings):
            return
        how = f"was ended by signal {-code}" if code < 0 else f"answered {code}"
        records.note_died(settings.instance, clock.now(), f"flask ops {self._what} {how}.", kind)


_maker = Maker()


def look() -> str:
    """The chore."""
    return _maker.look()


def send_ledger() -> bool:
    """The other one: who was erased must be known where the backups are, minutes later."""
    return _maker.send_ledger(here.settings())


def _due(settings: Settings) -> str:
    """The command that it is time for."""
    archives = _archives(settings)
    if _is_time(settings, records.BACKUP, rules.EVERY):
        return "backup"
    return "base" if archives and _is_time(settings, records.BASE, rules.BASE_EVERY) else ""


def _is_time(settings: Settings, kind: str, every: timedelta) -> bool:
    """Is the last good one of this kind so old, and the last bad one not of just now?"""
    now, failure = clock.now(), records.find_failure(settings.instance, kind)
    if failure and not rules.is_due(failure.at, now, rules.RETRY_AFTER):
        return False
    last = records.find_last(settings.instance, kind)
    return rules.is_due(last.made_at if last else _installed_at(), now, every)


def _is_at_work(settings: Settings) -> bool:
    """Is somebody else's backup being made, a timer's say? Then ours was refused, and nothing is wrong."""
    try:
        with service.alone(settings.instance):
            return False
    except Conflict:
        return True


def _installed_at() -> datetime | None:
    """A fresh installation holds nothing yet that is worth the time."""
    with across_dealerships():
        return session.scalar(select(func.min(Dealership.created_at)))


def _archives(settings: Settings) -> bool:
    """Does PostgreSQL archive its log, so that copies of its files are of use? Note when it cannot."""
    url = service.owner_url(settings)
    if url.startswith("sqlite"):
        return False
    archives, _last, failed = bases.archiver(url)
    if archives and failed:
        records.note_died(settings.instance, clock.now(), "PostgreSQL cannot archive its log.", records.LOG)
    else:
        records.forget_failure(settings.instance, records.LOG)
    return archives


def _begin(what: str) -> subprocess.Popen[bytes]:
    gently = ["nice", "-n", "10"] if shutil.which("nice") else []
    command = [*gently, sys.executable, "-m", "flask", "--app", str(_ROOT / "app.py"), "ops", what]
    return subprocess.Popen(
        command, cwd=_ROOT, env=dict(os.environ), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
