"""Writing views down: sums are added to the day's rows, visitors are kept as digests until the day is over."""

import secrets
from collections import Counter
from datetime import date

from sqlalchemy import Table, delete, func, select

from kroi.analytics import rules
from kroi.analytics.counting.rules import Tally
from kroi.analytics.models import DailyCarViews, DailyPageViews, DailyVisitors, VisitorMark, VisitorSalt
from kroi.analytics.vitals.models import DailyVitals
from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.db import bulk, dialects
from kroi.db.model import Model, session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships

_CHUNK = 500


def add(day: date, tally: Tally) -> None:
    """Add a batch to the day."""
    rows = [{"kind": kind, "views": views} for kind, views in sorted(tally.pages.items())]
    _upsert(DailyPageViews, day, rows, key="kind", add=("views",))
    cars = _cars(tally.slugs)
    _upsert(
        DailyCarViews,
        day,
        [{"car_id": id_, "views": cars[id_]} for id_ in sorted(cars)],
        key="car_id",
        add=("views",),
    )
    measured = [
        {"kind": kind, "metric": metric, "bucket": bucket, "visits": visits}
        for (kind, metric, bucket), visits in sorted(tally.vitals.items())
    ]
    _upsert(DailyVitals, day, measured, key=("kind", "metric", "bucket"), add=("visits",))
    if not tally.visitors:
        return
    salt = _salt(day)
    marks = sorted({rules.visitor_digest(salt, *visitor) for visitor in tally.visitors})
    _upsert(VisitorMark, day, [{"digest": mark} for mark in marks], key="digest")


def roll_up() -> None:
    """Days that are over keep the number of their visitors and forget the digests and the salt."""
    today = clock.today(dealerships.get_profile(current_dealership_id()).zone)
    with transaction():
        dialects.lock_named(session, f"visitors {current_dealership_id()}")
        over = session.execute(
            select(VisitorMark.day, func.count()).where(VisitorMark.day < today).group_by(VisitorMark.day)
        )
        for day, visitors in over.all():
            _upsert(DailyVisitors, day, [{"visitors": visitors}], add=("visitors",))
        for kind in (VisitorMark, VisitorSalt):
            session.execute(delete(kind).where(kind.day < today).execution_options(synchronize_session=False))


def _cars(slugs: Counter[str]) -> Counter[int]:
    found: Counter[int] = Counter()
    for some in bulk.batches(sorted(slugs), _CHUNK):
        query = select(Car.id, Car.slug).where(Car.slug.in_(some))
        found.update({car_id: slugs[slug] for car_id, slug in session.execute(query)})
    return found


def _salt(day: date) -> str:
    query = select(VisitorSalt.salt).where(VisitorSalt.day == day)
    found = session.scalar(query)
    if found is None:  # another process may be first: then its salt stays
        _upsert(VisitorSalt, day, [{"salt": secrets.token_hex(16)}])
        found = session.scalars(query).one()
    return found


def _upsert(
    kind: type[Model],
    day: date,
    rows: list[dict[str, object]],
    *,
    key: str | tuple[str, ...] = (),
    add: tuple[str, ...] = (),
) -> None:
    table = kind.__table__
    assert isinstance(table, Table)
    keys = ["dealership_id", "day", *([key] if isinstance(key, str) else key)]
    stamped = [{"dealership_id": current_dealership_id(), "day": day, **row} for row in rows]
    dialects.upsert(table, stamped, key=keys, add=add, session=session)
