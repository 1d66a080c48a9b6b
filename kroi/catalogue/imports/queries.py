"""Which cars of the stock a file's rows may be, and what earlier imports did."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute

from kroi.catalogue.imports.rules import IncomingCar
from kroi.catalogue.imports.rules import Row as FileRow
from kroi.catalogue.imports.rules.changes import BY_IMPORT
from kroi.catalogue.models import Car, CarEvent, CarEventKind, ImportRow, ImportRun, Photo, PriceChange, RowOutcome
from kroi.catalogue.places import queries as places
from kroi.catalogue.places.queries import LOCATION_ID
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.rules.prices import Step
from kroi.core.errors import NotFound
from kroi.db.bulk import batches
from kroi.db.model import session

_BATCH = 500  # keys asked about in one query
_UNREAD = frozenset(("search_text", "cover", "photo_count", "created_at"))
# Attributes of the model, not columns of its table: only those are read with the dealership's filter.
_OWN = tuple(getattr(Car, column.name) for column in Car.__table__.columns if column.name not in _UNREAD)
_READ = (*_OWN, LOCATION_ID.label("location"))

Known = dict[str, Any]
"""A car of the stock by column name; its `location` is the place's name, `None` while there is only one."""


@dataclass
class Stock:
    """The cars that a file may mean, by what they are found again by."""

    by_vin: dict[str, Known] = field(default_factory=dict)
    by_number: dict[str, Known] = field(default_factory=dict)
    by_source: dict[str, list[Known]] = field(default_factory=dict)
    by_fingerprint: dict[str, list[Known]] = field(default_factory=dict)
    withdrawn_by_import: set[int] = field(default_factory=set)
    photos: dict[int, frozenset[str]] = field(default_factory=dict)
    """Digests of the photos that each of these cars shows."""


def find_stock(rows: Sequence[FileRow]) -> Stock:
    """The cars that these rows may mean."""
    stock = Stock()
    cars = [row.car for row in rows if row.car]
    for known in _cars_with(Car.vin, _said(cars, "vin")):
        stock.by_vin.setdefault(known["vin"], known)
    for known in _cars_with(Car.stock_number, _said(cars, "stock_number")):
        stock.by_number[known["stock_number"]] = known
    for known in _cars_with(Car.source_id, _said(cars, "source_id")):
        stock.by_source.setdefault(known["source_id"], []).append(known)
    for known in _cars_with(Car.fingerprint, {row.fingerprint for row in rows if row.car and row.fingerprint}):
        stock.by_fingerprint.setdefault(known["fingerprint"], []).append(known)
    stock.withdrawn_by_import = _withdrawn_by_import()
    if any(car.photos for car in cars):
        stock.photos = _photos()
    return stock


def _photos() -> dict[int, frozenset[str]]:
    shown: dict[int, set[str]] = {}
    for car_id, digest in session.execute(select(Photo.car_id, Photo.digest)):
        shown.setdefault(car_id, set()).add(digest)
    return {car_id: frozenset(digests) for car_id, digests in shown.items()}


def _said(cars: Iterable[IncomingCar], name: str) -> set[str]:
    return {value for car in cars if (value := getattr(car, name))}


def _cars_with(column: InstrumentedAttribute[Any], values: Iterable[str]) -> Iterator[Known]:
    for some in batches(sorted(values), _BATCH):
        yield from _known(session.execute(select(*_READ).where(column.in_(some)).order_by(Car.id)))


def _known(rows: Iterable[Row[Any]]) -> Iterator[Known]:
    spots = places.get_spots()
    for row in rows:
        known = dict(row._mapping)
        yield known | {"location": spots.at(known["location"]).name if spots else None}


def _withdrawn_by_import() -> set[int]:
    """Withdrawn cars that no person withdrew."""
    last: dict[int, str | None] = {}
    moves = select(CarEvent.car_id, CarEvent.reason).join(Car, Car.id == CarEvent.car_id)
    moves = moves.where(Car.status == CarStatus.WITHDRAWN, CarEvent.kind == CarEventKind.STATUS)
    for car_id, reason in session.execute(moves.order_by(CarEvent.id)):
        last[car_id] = reason
    return {car_id for car_id, reason in last.items() if reason in BY_IMPORT}


def list_imported_on_sale() -> list[Known]:
    """Available cars that came with an import, oldest first."""
    cars = select(*_READ).where(Car.status == CarStatus.AVAILABLE, Car.fingerprint.is_not(None))
    return list(_known(session.execute(cars.order_by(Car.id))))


def ledgers(car_ids: Sequence[int]) -> dict[int, list[Step]]:
    """Every price of these cars with its moment, oldest first."""
    steps: dict[int, list[Step]] = {car_id: [] for car_id in car_ids}
    for some in batches(car_ids, _BATCH):
        lines = select(PriceChange.car_id, PriceChange.at, PriceChange.price_cents)
        lines = lines.where(PriceChange.car_id.in_(some)).order_by(PriceChange.at, PriceChange.id)
        for car_id, at, cents in session.execute(lines):
            steps[car_id].append((at, cents))
    return steps


def cars_by_id(car_ids: Sequence[int]) -> dict[int, Known]:
    """These cars by their ids."""
    found: dict[int, Known] = {}
    for some in batches(car_ids, _BATCH):
        rows = session.execute(select(*_READ).where(Car.id.in_(some)))
        found |= {known["id"]: known for known in _known(rows)}
    return found


def ids_of(stock_numbers: Sequence[str]) -> list[int]:
    """The ids of the cars with these numbers, in the same order."""
    found: dict[str, int] = {}
    for some in batches(stock_numbers, _BATCH):
        cars = session.execute(select(Car.stock_number, Car.id).where(Car.stock_number.in_(some)))
        found |= {car.stock_number: car.id for car in cars}
    return [found[number] for number in stock_numbers]


def get_run(run_id: int) -> ImportRun:
    """One import, locked so that nobody undoes it twice; raises NotFound."""
    run = session.scalar(select(ImportRun).where(ImportRun.id == run_id).with_for_update())
    if run is None:
        raise NotFound(f"There is no import {run_id}.")
    return run


def list_rows(run_id: int) -> list[ImportRow]:
    """What became of each row of an import."""
    return list(session.scalars(select(ImportRow).where(ImportRow.run_id == run_id).order_by(ImportRow.row_number)))


def rows_to_undo(run_id: int) -> list[ImportRow]:
    """The rows of an import that changed the stock."""
    touched = (RowOutcome.ADDED, RowOutcome.CHANGED, RowOutcome.WITHDRAWN)
    rows = select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.outcome.in_(touched))
    return list(session.scalars(rows.order_by(ImportRow.id)))


def moments_of_imports(since_run: int) -> set[datetime]:
    """When this import, and the undoing of later ones, set cars to a state that this import knows."""
    runs = session.scalars(select(ImportRun).where(ImportRun.id >= since_run))
    moments = {run.undone_at if run.id > since_run else run.finished_at for run in runs}
    return {moment for moment in moments if moment is not None}
