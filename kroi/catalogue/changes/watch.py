"""What this worker knows of the catalogue's version: looked up at least twice a second while anybody asks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from sqlalchemy import func, select

from kroi.catalogue.models import CatalogueChange
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id

LOOKS_EVERY = 0.4  # seconds; the promise is half a second

NO_CAR = 0  # stands among the cars of a change when the dealership's own row changed

_REMEMBERED = 100  # changes, so that who asks what changed need not ask the database once more

_proven: ContextVar[int | None] = ContextVar("kroi_proven_version", default=None)
_known: dict[int, tuple[int, float]] = {}  # dealership: version, and when it was looked up (monotonic seconds)


Changes = tuple[tuple[int, list[int]], ...]  # versions with their cars


class _Read(NamedTuple):
    """The latest changes as this worker read them: from `start` (excluded) to the newest."""

    start: int
    newest: int
    changes: Changes


_read: dict[int, _Read] = {}


@contextmanager
def proven(version: int) -> Iterator[None]:
    """What is read in here comes from a database that knows this version at least, so this is the one we go by.

    A replica must not be asked for a newer one: it may know of less than what this worker heard from the primary.
    """
    token = _proven.set(version)
    try:
        yield
    finally:
        _proven.reset(token)


def version() -> int:
    """The version of the dealership's catalogue, at most `LOOKS_EVERY` old; 0 before the first change."""
    if (proven := _proven.get()) is not None:
        return proven
    found = known(current_dealership_id())
    return look() if found is None else found


def is_due(dealership_id: int) -> bool:
    """Is it time to look again? For who would have to make a session only to ask."""
    return known(dealership_id) is None


def known(dealership_id: int) -> int | None:
    """The version if this worker looked it up just now; `None` when it is time to look again."""
    found = _known.get(dealership_id)
    return found[0] if found is not None and time.monotonic() - found[1] < LOOKS_EVERY else None


def stored() -> int:
    """The version as the database that we read from knows it; remembered nowhere."""
    return session.scalar(select(func.max(CatalogueChange.version))) or 0


def look() -> int:
    """The version as the database has it now."""
    if (proven := _proven.get()) is not None:
        return proven
    mine, at = current_dealership_id(), time.monotonic()
    read = _read.get(mine)
    later = _changes(read.newest) if read else None
    if read is None or later is None:
        newest = session.scalar(select(func.max(CatalogueChange.version))) or 0
        read = _Read(newest, newest, ())
    elif later:
        kept = (*read.changes, *later)
        forgotten = kept[-_REMEMBERED - 1][0] if len(kept) > _REMEMBERED else read.start
        read = _Read(forgotten, later[-1][0], kept[-_REMEMBERED:])
    _read[mine], _known[mine] = read, (read.newest, at)
    return read.newest


def look_again(dealership_id: int) -> None:
    """This worker has just changed something: the next question is asked of the database."""
    _known.pop(dealership_id, None)


def forget_everything() -> None:
    """The database is another one now."""
    _known.clear()
    _read.clear()


def since(known: int) -> frozenset[int] | None:
    """The cars that changed after this version; `None` when nobody can say any more: take everything anew."""
    return news(known)[1]


def news(known: int) -> tuple[int, frozenset[int] | None]:
    """The version, as `version` says it, and the cars that changed from the known one up to it, as `since` says."""
    newest, read = version(), _read.get(current_dealership_id())
    if read and read.newest == newest and read.start <= known <= newest:
        changes: Changes | None = read.changes
    else:
        changes = _changes(known)
    if changes is None:
        return newest, None
    return newest, frozenset(car_id for at, car_ids in changes if at > known for car_id in car_ids)


def _changes(known: int) -> Changes | None:
    """The changes after this version; `None` when they are not all there, or say "everything"."""
    query = select(CatalogueChange.version, CatalogueChange.car_ids).where(CatalogueChange.version >= known)
    found = [(row.version, row.car_ids) for row in session.execute(query.order_by(CatalogueChange.version))]
    if not found and known:
        return None  # the database went back in time
    later = tuple((at, car_ids) for at, car_ids in found if at > known)
    complete = not later or later[0][0] == known + 1
    return later if complete and all(car_ids is not None for _at, car_ids in later) else None
