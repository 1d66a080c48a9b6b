"""A file of market listings, read as an import reads one, and reported as an import reports."""

from collections.abc import Iterator

from kroi.catalogue.imports.decisions import Decision
from kroi.catalogue.imports.rules import Reading, Row
from kroi.catalogue.imports.service import Outcome
from kroi.catalogue.models import RowOutcome
from kroi.catalogue.worth import service
from kroi.catalogue.worth.rules import Listing

_NEEDED = {"model_year": "no model year", "mileage_km": "no mileage", "price_cents": "no price"}


def take(reading: Reading, source: str) -> tuple[Outcome, int]:
    """Put the file's listings in place of its earlier ones: how each row ended, and how many are gone."""
    offers = {row.number: offer for row in reading.rows if (offer := _offer(row))}
    taken = service.put_listings(list(offers.values()), source)
    ended = dict(zip(offers, taken.outcomes, strict=True))
    return Outcome(tuple(_decision(row, ended.get(row.number)) for row in reading.rows)), taken.gone


def plan(reading: Reading) -> Outcome:
    """Which rows could enter. Nothing is looked up or written."""
    return Outcome(tuple(_decision(row, RowOutcome.ADDED if _offer(row) else None) for row in reading.rows))


def _offer(row: Row) -> Listing | None:
    car = row.car
    if row.refusal or car is None or car.model_year is None or car.mileage_km is None or not car.price_cents:
        return None
    return Listing(car.make, car.model, car.model_year, car.mileage_km, car.price_cents, car.fuel, car.body)


def _decision(row: Row, outcome: RowOutcome | None) -> Decision:
    if outcome is None:
        return Decision(row.number, RowOutcome.REFUSED, row, reason=row.refusal or "; ".join(_missing(row)))
    return Decision(row.number, outcome, row, reason="; ".join(row.notes) or None)


def _missing(row: Row) -> Iterator[str]:
    return (words for name, words in _NEEDED.items() if not getattr(row.car, name, None))
