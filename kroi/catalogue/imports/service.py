"""Importing a file, and taking an import back. Each is one transaction: all of it is stored, or nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kroi.accounts import audit
from kroi.cache import forget
from kroi.catalogue import service as catalogue
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.imports import decisions as deciding
from kroi.catalogue.imports import queries, writing
from kroi.catalogue.imports.albums import Album
from kroi.catalogue.imports.decisions import Decision
from kroi.catalogue.imports.hanging import show_photos
from kroi.catalogue.imports.rules import Mapping, Reading
from kroi.catalogue.imports.rules.mapping import as_words
from kroi.catalogue.imports.standing import stand
from kroi.catalogue.models import ImportRun, RowOutcome
from kroi.core import clock, events
from kroi.core.errors import Invalid
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do: one decision a row, and the cars that it withdrew."""

    decisions: tuple[Decision, ...]
    withdrawn: tuple[Decision, ...] = ()
    run_id: int | None = None
    car_ids: tuple[tuple[int, int], ...] = ()
    """Row number and car id of every row that is a car."""

    @property
    def counts(self) -> dict[RowOutcome, int]:
        """How many rows ended how; all but the withdrawn add up to the rows read."""
        times = Counter(decision.outcome for decision in (*self.decisions, *self.withdrawn))
        return {outcome: times[outcome] for outcome in RowOutcome}

    @property
    def nameless(self) -> int:
        """Rows that are found again by their whole text only: changing one adds a car."""
        cars = [each.row.car for each in self.decisions if each.row and each.row.car and not each.row.refusal]
        return sum(not (car.vin or car.stock_number or car.source_id) for car in cars)


def plan(reading: Reading, photos: Album, *, withdraw_missing: bool = False) -> Outcome:
    """What importing this file would do. Nothing is written."""
    decided = deciding.decide(reading.rows, queries.find_stock(reading.rows), photos)
    gone: list[Decision] = []
    if withdraw_missing:
        if not any(each.outcome is not RowOutcome.REFUSED for each in decided):
            raise Invalid("No row of this file can enter, so the cars that it does not name are not withdrawn.")
        gone = deciding.missing(decided, queries.list_imported_on_sale())
    coming = sum(each.outcome is RowOutcome.ADDED and each.status in catalogue.IN_STOCK for each in decided)
    if coming:
        catalogue.check_room(coming - len(gone))
    return Outcome(tuple(decided), tuple(gone))


def apply(
    reading: Reading,
    mapping: Mapping,
    photos: Album,
    *,
    file_name: str,
    started_at: datetime,
    withdraw_missing: bool = False,
) -> Outcome:
    """Import the file as it was read. In a transaction; others who import wait until it ends."""
    dialects.lock_named(session, f"imports {current_dealership_id()}")
    outcome = plan(reading, photos, withdraw_missing=withdraw_missing)
    at = clock.now()
    run = ImportRun(
        file_name=file_name[:200],
        file_digest=reading.digest,
        mapping={"said": as_words(mapping), "understood": dict(reading.understood.lines())},
        started_at=started_at,
        finished_at=at,
        by_id=audit.actor_id(),
        **{kind.value: times for kind, times in outcome.counts.items()},
    )
    session.add(run)
    session.flush()
    car_ids = _write(outcome, at, run.id)
    audit.record("import stock", "import", run.id, details={"file": file_name[:200], **_counted(outcome)})
    return Outcome(outcome.decisions, outcome.withdrawn, run.id, tuple(sorted(car_ids.items())))


def _write(outcome: Outcome, at: datetime, run_id: int) -> dict[int, int]:
    """Write every decision; answers car id by row number."""
    everything = (*outcome.decisions, *outcome.withdrawn)
    added = writing.add_cars([each for each in everything if each.outcome is RowOutcome.ADDED], at, run_id)
    changed = [each for each in everything if each.changes]
    writing.change_cars(changed, at, run_id)
    writing.record_rows(everything, added, run_id)
    stand(everything, added)
    show_photos(everything, added, at)
    touched = (*added.values(), *(each.known["id"] for each in changed if each.known))
    _tell(touched)
    kept = {each.number: each.known["id"] for each in outcome.decisions if each.known and not _is_refused(each)}
    return added | kept


def _is_refused(decision: Decision) -> bool:
    return decision.outcome is RowOutcome.REFUSED


def _tell(car_ids: Sequence[int]) -> None:
    if car_ids:
        forget("cars")
        events.publish(CarsChanged(tuple(car_ids)))


def _counted(outcome: Outcome) -> dict[str, int]:
    return {kind.value: times for kind, times in outcome.counts.items()}
