"""Taking an import back: its cars are withdrawn, its changes reversed, and what others rely on stays.

Audit, import log, price ledger and used numbers stay. Cars that somebody edited or asked about since are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kroi.accounts import audit
from kroi.cache import forget
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.imports import queries
from kroi.catalogue.imports.events import UndoBegins
from kroi.catalogue.imports.hanging import take_down
from kroi.catalogue.imports.queries import Known
from kroi.catalogue.imports.rules.changes import UNDONE, plain
from kroi.catalogue.imports.standing import put_back
from kroi.catalogue.models import Car, CarEvent, CarEventKind, ImportRow, ImportRun, PriceChange, RowOutcome
from kroi.catalogue.rules import CarStatus, search
from kroi.core import clock, events
from kroi.core.errors import Conflict
from kroi.core.text import slug
from kroi.db import bulk, dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id

EDITED = "edited since"
_MOMENTS = ("sold_at", "withdrawn_at", "listed_at", "struck_until")
_DAYS = ("first_registration", "acquired_on", "reserved_until")
_ELSEWHERE = ("photos", "location")  # which are no columns of the car
_SEARCHED = (
    "make", "model", "trim", "stock_number", "model_year", "body", "fuel", "transmission", "drive", "colour",
    "features", "paragraphs",
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A car that stays as it is, and why."""

    stock_number: str
    title: str
    reason: str


@dataclass(frozen=True)
class Undone:
    """What taking an import back did."""

    withdrawn: int
    restored: int
    kept: tuple[Kept, ...]


def undo(run_id: int) -> Undone:
    """Take import `run_id` back; raises NotFound, or Conflict when that was done already. In a transaction."""
    dialects.lock_named(session, f"imports {current_dealership_id()}")
    run = queries.get_run(run_id)
    if run.undone_at is not None:
        raise Conflict(f"Import {run_id} was undone already.")
    rows = queries.rows_to_undo(run_id)
    known = queries.cars_by_id([row.car_id for row in rows if row.car_id is not None])
    kept = _kept(run, known)
    at = clock.now()
    free = [(row, known[row.car_id]) for row in rows if row.car_id in known and row.car_id not in kept]
    updates = [_before(row, car, at) for row, car in free]
    bulk.update_rows(Car, updates)
    _remember(free, updates, at)
    put_back(free)
    take_down({car["id"]: digests for row, car in free if (digests := (row.after or {}).get("photos"))}, at)
    run.undone_at = at
    return _finished(run, free, tuple(_kept_car(known[car_id], why) for car_id, why in kept.items()))


def _finished(run: ImportRun, free: Sequence[tuple[ImportRow, Known]], kept: tuple[Kept, ...]) -> Undone:
    withdrawn = sum(row.outcome is RowOutcome.ADDED for row, _car in free)
    undone = Undone(withdrawn, len(free) - withdrawn, kept)
    details = {"withdrawn": undone.withdrawn, "restored": undone.restored, "kept": len(kept)}
    audit.record("undo import", "import", run.id, details=details)
    if free:
        forget("cars")
        events.publish(CarsChanged(tuple(car["id"] for _row, car in free)))
    return undone


def _kept(run: ImportRun, known: Mapping[int, Known]) -> dict[int, str]:
    """Cars that must stay as they are, with the reason: staff edited them, or a room above needs them."""
    moments = queries.moments_of_imports(run.id)
    edited = {car_id: EDITED for car_id, car in known.items() if car["updated_at"] not in moments}
    asked = UndoBegins(tuple(known), run.finished_at or run.started_at)
    events.publish(asked)
    return asked.keep | edited


def _kept_car(car: Known, reason: str) -> Kept:
    return Kept(car["stock_number"], f"{car['make']} {car['model']}", reason)


def _before(row: ImportRow, car: Known, at: datetime) -> dict[str, Any]:
    """The columns that bring a car back to where the import found it."""
    if row.outcome is RowOutcome.ADDED:
        return {"id": car["id"], "updated_at": at, "status": CarStatus.WITHDRAWN, "withdrawn_at": at}
    values = {name: _typed(name, value) for name, value in (row.before or {}).items() if name not in _ELSEWHERE}
    merged = car | values
    made = {"make_slug": slug(merged["make"]), "model_slug": slug(merged["model"])}
    made["search_text"] = search.search_text(**{name: merged[name] for name in _SEARCHED})
    return {"id": car["id"], "updated_at": at, **values, **made}


def _typed(name: str, value: Any) -> Any:
    """A value that was kept as JSON, as its column takes it."""
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name in _DAYS:
        return date.fromisoformat(value)
    kind = Car.__table__.columns[name].type
    choices = getattr(kind, "enum_class", None)
    return choices(value) if choices else value


def _remember(free: Sequence[tuple[ImportRow, Known]], updates: Sequence[dict[str, Any]], at: datetime) -> None:
    """Prices that came back are new lines of the ledger; moves and the undo itself are lines of history."""
    pairs = [(car, update) for (_row, car), update in zip(free, updates, strict=True)]
    prices = [
        {"car_id": car["id"], "price_cents": update["price_cents"], "at": at, "by_id": audit.actor_id()}
        for car, update in pairs
        if update.get("price_cents", car["price_cents"]) != car["price_cents"]
    ]
    bulk.insert_rows(PriceChange, prices)
    bulk.insert_rows(CarEvent, [_event(car, update, at) for car, update in pairs])


def _event(car: Known, update: dict[str, Any], at: datetime) -> dict[str, Any]:
    moved = "status" in update and update["status"] != car["status"]
    return {
        "car_id": car["id"],
        "kind": CarEventKind.STATUS if moved else CarEventKind.IMPORTED,
        "before": plain(car["status"]) if moved else None,
        "after": plain(update["status"]) if moved else None,
        "at": at,
        "by_id": audit.actor_id(),
        "reason": UNDONE,
    }
