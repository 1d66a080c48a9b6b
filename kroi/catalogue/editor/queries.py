"""Reads for the editor: a car's history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from kroi.accounts import queries as accounts
from kroi.catalogue.models import CarEvent, CarEventKind, PriceChange
from kroi.db.model import session

MOST = 60  # lines of history on the page


@dataclass(frozen=True)
class Line:
    """Something that happened to a car. `kind` is an event's, or `None` for a price; then `after` is in cents."""

    at: datetime
    kind: CarEventKind | None
    before: str | int | None
    after: str | int | None
    reason: str | None
    by: str | None
    """Who did it; `None` is the system or an import."""


def list_history(car_id: int, *, with_cost: bool) -> list[Line]:
    """What happened to the car, newest first, prices included; what it cost us only `with_cost`."""
    found = select(CarEvent).where(CarEvent.car_id == car_id)
    if not with_cost:
        found = found.where(or_(CarEvent.reason.is_(None), CarEvent.reason != "cost_cents"))
    events = session.scalars(found.order_by(CarEvent.at.desc(), CarEvent.id.desc()).limit(MOST)).all()
    steps = list_prices(car_id)
    names = accounts.names([*(each.by_id for each in events), *(each.by_id for each in steps)])
    lines = [
        Line(each.at, each.kind, each.before, each.after, each.reason, names.get(each.by_id or 0)) for each in events
    ]
    for earlier, each in zip([None, *steps], steps, strict=False):
        before = earlier.price_cents if earlier else None
        lines.append(Line(each.at, None, before, each.price_cents, None, names.get(each.by_id or 0)))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST]


def list_prices(car_id: int) -> list[PriceChange]:
    """The car's price ledger, oldest first."""
    steps = select(PriceChange).where(PriceChange.car_id == car_id)
    return list(session.scalars(steps.order_by(PriceChange.at, PriceChange.id)))
