"""Writes down, as the last thing in a transaction, which cars it changed.

Nobody has to remember to: whatever writes a car, a photo or a price through the session is seen when it is flushed.
Who writes many rows at once publishes CarsChanged.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from kroi.catalogue.changes import watch
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.models import Car, CatalogueChange, Photo, PriceChange
from kroi.core import clock
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import after_commit, before_commit, in_transaction
from kroi.dealerships.events import ProfileChanged

MOST_NAMED = 1_000  # cars in one change; with more it says "everything", which is cheaper to take anew
KEPT = timedelta(hours=1)
_PENDING = "kroi.changed_cars"


def on_cars_changed(happening: CarsChanged) -> None:
    """Somebody changed cars without the session seeing it."""
    note(happening.car_ids)


def on_profile_changed(happening: ProfileChanged) -> None:
    """What pages say of the dealership has changed, though no car did."""
    note([watch.NO_CAR])


def note(car_ids: Iterable[int]) -> None:
    """These cars change with the open transaction. The next version is written just before the commit."""
    here = session().get_transaction()
    pending: tuple[object, set[int]] | None = session.info.get(_PENDING)
    if pending is None or pending[0] is not here:
        pending = session.info[_PENDING] = (here, set())
        before_commit(_write)
    pending[1].update(car_ids)


def forget_old() -> None:
    """Drop changes that every worker has long seen, never the newest. A chore of the worker's, in a transaction."""
    newest = session.scalar(select(func.max(CatalogueChange.version))) or 0  # where nothing has changed yet
    old = delete(CatalogueChange).where(CatalogueChange.at < clock.now() - KEPT, CatalogueChange.version < newest)
    session.execute(old)


def _write() -> None:
    _transaction, car_ids = session.info.pop(_PENDING)
    if not car_ids:
        return
    # Held until the commit, so that versions count up in the order in which others come to see them. Nothing is
    # locked after it, so nobody who holds it waits for somebody who wants it.
    dialects.lock_named(session, f"catalogue changes {current_dealership_id()}")
    newest = session.scalar(select(func.max(CatalogueChange.version))) or 0
    named = sorted(car_ids) if len(car_ids) <= MOST_NAMED else None
    session.add(CatalogueChange(version=newest + 1, car_ids=named, at=clock.now()))
    mine = current_dealership_id()
    after_commit(lambda: watch.look_again(mine))


@event.listens_for(Session, "after_flush")
def _see(session_: Session, context: Any) -> None:
    rows = (*session_.new, *session_.dirty, *session_.deleted)
    changed = {_car_id(row) for row in rows if isinstance(row, Car | Photo | PriceChange)}
    if changed and in_transaction():
        note(changed)


def _car_id(row: Car | Photo | PriceChange) -> int:
    return row.id if isinstance(row, Car) else row.car_id
