"""The cards of one page, by hand-written SQL: two walks along the index of the order, then the 24 rows."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.benchmarks.references.asked import SORTS, Asked
from tests.benchmarks.references.database import rows
from tests.benchmarks.references.page import PER_PAGE

COLUMNS = (
    *("id", "slug", "make", "model", "trim", "model_year", "price_cents", "mileage_km", "fuel", "transmission"),
    *("status", "listed_at", "cover"),
)


@dataclass(frozen=True)
class Card:
    """What a card shows."""

    id: int
    slug: str
    make: str
    model: str
    trim: str
    model_year: int | None
    price_cents: int
    mileage_km: int | None
    fuel: str | None
    transmission: str | None
    status: str
    listed_at: datetime | None
    cover: dict[str, Any] | None

    @property
    def tag(self) -> str:
        """What the plate on the photo says."""
        if self.status == "reserved":
            return "Reserved"
        return "New" if self.listed_at and datetime.now(UTC) - self.listed_at < timedelta(days=7) else ""


def cars(asked: Asked) -> list[Card]:
    """The first page of the cars that match."""
    column, way = SORTS[asked.sort]
    where, values = asked.where()
    unpriced = " AND price_cents > 0" if column == "price_cents" else ""
    walks = " UNION ALL ".join(
        f"SELECT * FROM (SELECT id, {column} FROM cars WHERE dealership_id = 1 AND status = '{status}'{unpriced}{where}"
        f" ORDER BY {column} {way}, id {way} LIMIT {PER_PAGE}) AS {status}"
        for status in ("available", "reserved")
    )
    names = ", ".join(f"cars.{name}" for name in COLUMNS)
    query = (
        f"SELECT {names} FROM ({walks}) AS found JOIN cars ON cars.id = found.id"
        f" ORDER BY found.{column} {way}, cars.id {way} LIMIT {PER_PAGE}"
    )
    return [_card(row) for row in rows(query, [*values, *values])]


def _card(row: tuple[Any, ...]) -> Card:
    values = dict(zip(COLUMNS, row, strict=True))
    if isinstance(values["listed_at"], str):
        values["listed_at"] = datetime.fromisoformat(values["listed_at"]).replace(tzinfo=UTC)
    if isinstance(values["cover"], str):
        values["cover"] = json.loads(values["cover"])
    return Card(**values)
