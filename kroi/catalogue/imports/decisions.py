"""What becomes of each row: the car that it is, what it changes, or why it may not enter. Nothing is written here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kroi.catalogue.imports.albums import NONE, Album, Pages, Shown
from kroi.catalogue.imports.queries import Known, Stock
from kroi.catalogue.imports.rules import IncomingCar, Row
from kroi.catalogue.imports.rules.changes import MISSING, Change, changes, next_status
from kroi.catalogue.models import RowOutcome
from kroi.catalogue.rules import CarStatus
from kroi.core.text import slug


@dataclass(frozen=True)
class Decision:
    """How one row ends. `known` is the car that is here already; row number 0 is a car that no row names."""

    number: int
    outcome: RowOutcome
    row: Row | None = None
    known: Known | None = None
    changes: dict[str, Change] = field(default_factory=dict)
    status: CarStatus | None = None
    """The car's status from now on."""
    photos: tuple[Shown, ...] = ()
    """Photos that the car does not show yet."""
    reason: str | None = None


def decide(rows: Sequence[Row], stock: Stock, photos: Album) -> list[Decision]:
    """How every row ends, in the order of the file."""
    claimed: dict[int, int] = {}
    return [_decide(row, stock, photos.get(row.number, NONE), claimed) for row in rows]


def _decide(row: Row, stock: Stock, photos: Pages, claimed: dict[int, int]) -> Decision:
    known, conflict = _match(row, stock, claimed)
    if row.refusal or row.car is None:
        return Decision(row.number, RowOutcome.REFUSED, row, known, reason=row.refusal)
    if conflict:
        return Decision(row.number, RowOutcome.REFUSED, row, reason=conflict)
    if known is None:
        status = row.car.status or CarStatus.AVAILABLE
        notes = _joined((*row.notes, *photos.faults))
        return Decision(row.number, RowOutcome.ADDED, row, status=status, photos=photos.shown, reason=notes)
    return _known_car(row, row.car, known, stock, photos)


def _known_car(row: Row, car: IncomingCar, known: Known, stock: Stock, photos: Pages) -> Decision:
    notes = [*row.notes, *photos.faults]
    differing = changes(known, car.facts())
    had = stock.photos.get(known["id"], frozenset())
    new = tuple(each for each in photos.shown if each.photo.digest not in had)
    if new:
        differing["photos"] = Change(len(had), len(had) + len(new))
    now = CarStatus(known["status"])
    by_import = known["id"] in stock.withdrawn_by_import
    status = next_status(now, car.status, withdrawn_by_import=by_import)
    if car.status not in (None, status) and not (now is CarStatus.DELIVERED and car.status is CarStatus.SOLD):
        notes.append(f"the file says {car.status}: the car stays {status} here")
    if status is not now:
        differing["status"] = Change(now.value, status.value)
    outcome = RowOutcome.CHANGED if differing else RowOutcome.UNCHANGED
    return Decision(row.number, outcome, row, known, differing, status, new, _joined(notes))


def _match(row: Row, stock: Stock, claimed: dict[int, int]) -> tuple[Known | None, str | None]:
    """The car that the row is, and why it cannot be: a later row of the same car, a number of another one."""
    if row.car is None:
        return None, None
    for known in _candidates(row.car, row.fingerprint, stock):
        other = known["vin"] and row.car.vin and known["vin"] != row.car.vin
        if other and known["stock_number"] == row.car.stock_number:
            return None, f"stock number {row.car.stock_number} belongs to a car with another VIN"
        if other or (known["id"] in claimed and row.refusal):
            continue
        first = claimed.setdefault(known["id"], row.number)
        return (known, None) if first == row.number else (None, f"the same car as row {first}")
    return None, None


def _candidates(car: IncomingCar, fingerprint: str, stock: Stock) -> Iterator[Known]:
    """By VIN, else stock number, else the file's own id (for the same make), else the whole row."""
    if car.vin in stock.by_vin:
        yield stock.by_vin[car.vin]
    if car.stock_number in stock.by_number:
        yield stock.by_number[car.stock_number]
    for known in stock.by_source.get(car.source_id or "", ()):
        if known["make_slug"] == slug(car.make):
            yield known
    yield from stock.by_fingerprint.get(fingerprint, ())


def missing(decisions: Iterable[Decision], imported: Iterable[Known]) -> list[Decision]:
    """The imported cars on sale that no row of the file names any longer, to be withdrawn."""
    held = {decision.known["id"] for decision in decisions if decision.known}
    gone = Change(CarStatus.AVAILABLE.value, CarStatus.WITHDRAWN.value)
    return [
        Decision(0, RowOutcome.WITHDRAWN, None, known, {"status": gone}, CarStatus.WITHDRAWN, reason=MISSING)
        for known in imported
        if known["id"] not in held
    ]


def _joined(notes: Iterable[str]) -> str | None:
    return "; ".join(notes) or None
