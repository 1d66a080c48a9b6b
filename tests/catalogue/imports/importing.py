"""How tests import: a text becomes a file, the file an import."""

from pathlib import Path

from kroi.catalogue.imports import albums, service
from kroi.catalogue.imports.rules import Ground, Mapping, read_cars
from kroi.catalogue.imports.service import Outcome
from kroi.catalogue.models import Car, RowOutcome
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction

GROUND = Ground("EUR", "km", 2026)


def import_file(
    path: Path, mapping: Mapping | None = None, *, ground: Ground = GROUND, withdraw_missing: bool = False
) -> Outcome:
    """Import a file as the command does."""
    mapping = mapping or Mapping()
    started, reading = clock.now(), read_cars(path, ground, mapping)
    photos = albums.gather(reading.rows, path.parent)
    with transaction():
        done = service.apply(
            reading, mapping, photos, file_name=path.name, started_at=started, withdraw_missing=withdraw_missing
        )
    session.expire_all()
    return done


def import_text(folder: Path, *lines: str, mapping: Mapping | None = None, withdraw_missing: bool = False) -> Outcome:
    """Import these lines as a CSV file."""
    path = folder / "cars.csv"
    path.write_text("\n".join((*lines, "")), encoding="utf-8")
    return import_file(path, mapping, withdraw_missing=withdraw_missing)


def four(outcome: Outcome) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, refused."""
    counts = outcome.counts
    return (
        counts[RowOutcome.ADDED],
        counts[RowOutcome.CHANGED],
        counts[RowOutcome.UNCHANGED],
        counts[RowOutcome.REFUSED],
    )


def cars() -> list[Car]:
    """The stock, oldest first."""
    return session.query(Car).order_by(Car.id).all()


def only_car() -> Car:
    """The only car there is."""
    [car] = cars()
    return car
