"""Looking and tidying, whichever database it is."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy import make_url

from kroi.core.config import Settings
from kroi.core.errors import Refusal
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.notifications.worker.rules import Chore
from kroi.operations.rows import live, tables
from kroi.operations.upkeep import memory, postgresql, sqlite
from kroi.operations.upkeep.rules import Look

EXPIRED = "forget"  # the chores of this name delete what its policy no longer keeps


@dataclass(frozen=True)
class Step:
    """One thing that was done: how long it took, and why not, if it was not."""

    what: str
    seconds: float
    trouble: str | None = None


def look(settings: Settings) -> Look:
    """What there is to know about the database and the cache right now."""
    url = _owner_url(settings)
    found = sqlite.look(_path(url)) if url.startswith("sqlite") else postgresql.look(url)
    return replace(found, cache=memory.look(settings.redis_url))


def tidy(settings: Settings, chores: Sequence[Chore], *, reindex: bool, compact: bool) -> Iterator[Step]:
    """Do all that is to be done, one step at a time; one that fails leaves the others."""
    yield from _forget(settings, chores)
    names = [table.name for table in tables.parents_first()]
    url = _owner_url(settings)
    if not url.startswith("sqlite"):
        yield from _each("vacuum and analyze", names, lambda name: postgresql.vacuum(url, name))
        if reindex:
            yield from _each("reindex", names, lambda name: postgresql.reindex(url, name))
        return
    path = _path(url)
    yield from _each("analyze", names, lambda name: sqlite.analyze(path, name))
    if reindex:
        yield from _each("reindex", names, lambda name: sqlite.reindex(path, name))
    yield _done("write the log into the file", lambda: sqlite.checkpoint(path))
    if compact and sqlite.is_wasteful(path):
        yield _done("write the file anew", lambda: sqlite.compact(path))


def _forget(settings: Settings, chores: Sequence[Chore]) -> Iterator[Step]:
    """What the worker forgets by and by, now; said with how many rows went."""
    before = _counts(settings)
    for chore in chores:
        if chore.name.startswith(EXPIRED):
            yield _done(chore.name, lambda chore=chore: _do(chore))  # type: ignore[misc]  # bound now, not later
    after = _counts(settings)
    gone = {name: before[name] - number for name, number in after.items() if number < before.get(name, 0)}
    for name, number in sorted(gone.items()):
        yield Step(f"{number} rows of {name} were over their time", 0.0)


def _do(chore: Chore) -> None:
    if not chore.each_dealership:
        chore.work()
        return
    for profile in dealerships.list_profiles():
        with acting_for(profile.id):
            chore.work()


def _counts(settings: Settings) -> dict[str, int]:
    """Rows by table; none when somebody holds one, for the rest is to be done all the same."""
    session.remove()
    try:
        with live.reading(settings, patience=1) as rows:
            return {table.name: rows.count(table) for table in tables.parents_first()}
    except psycopg.errors.LockNotAvailable:
        return {}


def _each(what: str, names: Sequence[str], work: Callable[[str], None]) -> Iterator[Step]:
    """The same for every table, told as one step."""
    started, troubles = time.monotonic(), []
    for name in names:
        try:
            work(name)
        except Refusal as refusal:
            troubles.append(f"{name}: {refusal.sentence}")
        except (psycopg.Error, sa.exc.DBAPIError, OSError, sqlite3.Error) as error:
            troubles.append(f"{name}: {type(error).__name__}")
    yield Step(f"{what}, {len(names)} tables", time.monotonic() - started, "; ".join(troubles) or None)


def _done(what: str, work: Callable[[], object]) -> Step:
    started, trouble = time.monotonic(), None
    try:
        work()
    except Refusal as refusal:
        trouble = refusal.sentence
    except Exception as error:  # one step's fault must not keep the others from being done
        trouble = type(error).__name__
    finally:
        session.remove()
    return Step(what, time.monotonic() - started, trouble)


def _owner_url(settings: Settings) -> str:
    url = settings.direct_database_url or settings.database_url
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")
