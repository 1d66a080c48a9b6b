"""Taking in what the market asks: the rows of a file replace those that the same file held before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from kroi.accounts import audit
from kroi.cache import forget
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.models import Car, MarketListing, RowOutcome
from kroi.catalogue.rules import ON_SALE
from kroi.catalogue.worth.rules import Facts, Listing
from kroi.core import clock, events
from kroi.db import bulk, dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id

MOST_NAME = 200  # characters of a file's name
_BATCH = 500  # keys in one statement
_FACTS = ("make_slug", "model_slug", "model_year", "mileage_km", "price_cents", "fuel", "body")


@dataclass(frozen=True)
class Taken:
    """How each listing ended, in their order, and how many of the earlier ones the file no longer holds."""

    outcomes: tuple[RowOutcome, ...]
    gone: int


def put_listings(listings: Sequence[Listing], source: str) -> Taken:
    """From now on `source` (a file's name) says just this. In a transaction."""
    source, now = source[:MOST_NAME], clock.now()
    dialects.lock_named(session, f"imports {current_dealership_id()}")
    known = _known(source)
    new: list[Facts] = []
    outcomes = [_settle(each.facts(), known, new) for each in listings]
    gone = {key: facts for facts, keys in known.items() for key in keys}
    _drop(list(gone))
    session.execute(update(MarketListing).where(MarketListing.source == source).values(seen_at=now))
    bulk.insert_rows(MarketListing, [{"source": source, "seen_at": now, **_row(facts)} for facts in new])
    counts = {"added": len(new), "unchanged": len(listings) - len(new), "gone": len(gone)}
    audit.record("import market", "market", None, details={"file": source, **counts})
    _tell({facts[:2] for facts in (*new, *gone.values())})
    return Taken(tuple(outcomes), len(gone))


def _settle(facts: Facts, known: dict[Facts, list[int]], new: list[Facts]) -> RowOutcome:
    if known.get(facts):
        known[facts].pop()
        return RowOutcome.UNCHANGED
    new.append(facts)
    return RowOutcome.ADDED


def _known(source: str) -> dict[Facts, list[int]]:
    columns = [getattr(MarketListing, name) for name in _FACTS]
    found: dict[Facts, list[int]] = defaultdict(list)
    for key, *facts in session.execute(select(MarketListing.id, *columns).where(MarketListing.source == source)):
        found[tuple(facts)].append(key)
    return found


def _row(facts: Facts) -> dict[str, Any]:
    return dict(zip(_FACTS, facts, strict=True))


def _drop(keys: Sequence[int]) -> None:
    for some in bulk.batches(keys, _BATCH):
        session.execute(delete(MarketListing).where(MarketListing.id.in_(some)))


def _tell(names: set[Facts]) -> None:
    """The pages of our cars of these makes and models are out of date."""
    query = select(Car.id, Car.make_slug, Car.model_slug).where(Car.status.in_(ON_SALE))
    touched = tuple(row.id for row in session.execute(query) if (row.make_slug, row.model_slug) in names)
    if touched:
        forget("cars")
        events.publish(CarsChanged(touched))
