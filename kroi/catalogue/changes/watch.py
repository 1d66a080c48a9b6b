"""What this worker knows of the catalogue's version: looked up at least twice a second while anybody asks."""

import time

from sqlalchemy import func, select

from kroi.catalogue.models import CatalogueChange
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id

LOOKS_EVERY = 0.4  # seconds; the promise is half a second

_known: dict[int, tuple[int, float]] = {}  # dealership: version, and when it was looked up (monotonic seconds)


def version() -> int:
    """The version of the dealership's catalogue, at most `LOOKS_EVERY` old; 0 before the first change."""
    mine = current_dealership_id()
    found = _known.get(mine)
    if found is not None and time.monotonic() - found[1] < LOOKS_EVERY:
        return found[0]
    return look()


def is_due(dealership_id: int) -> bool:
    """Is it time to look again? For who would have to make a session only to ask."""
    return known(dealership_id) is None


def known(dealership_id: int) -> int | None:
    """The version if this worker looked it up just now; `None` when it is time to look again."""
    found = _known.get(dealership_id)
    return found[0] if found is not None and time.monotonic() - found[1] < LOOKS_EVERY else None


def look() -> int:
    """The version as the database has it now."""
    at = time.monotonic()
    newest = session.scalar(select(func.max(CatalogueChange.version))) or 0
    _known[current_dealership_id()] = newest, at
    return newest


def look_again(dealership_id: int) -> None:
    """This worker has just changed something: the next question is asked of the database."""
    _known.pop(dealership_id, None)


def forget_everything() -> None:
    """The database is another one now."""
    _known.clear()


def since(known: int) -> frozenset[int] | None:
    """The cars that changed after this version; `None` when nobody can say any more: take everything anew."""
    return news(known)[1]


def news(known: int) -> tuple[int, frozenset[int] | None]:
    """The version as the database has it now, and the cars that changed after the known one, as `since` says them."""
    at = time.monotonic()
    query = select(CatalogueChange.version, CatalogueChange.car_ids).where(CatalogueChange.version >= known)
    changes = session.execute(query.order_by(CatalogueChange.version)).all()
    if not changes and known:
        return look(), None  # the database went back in time
    newest = changes[-1].version if changes else 0
    _known[current_dealership_id()] = newest, at
    later = [change for change in changes if change.version > known]
    if later and later[0].version != known + 1 or any(change.car_ids is None for change in later):
        return newest, None
    return newest, frozenset(car_id for change in later for car_id in change.car_ids)
