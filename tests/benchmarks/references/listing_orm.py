"""A listing by SQLAlchemy's ORM without counting: the cars are mapped objects."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from flask import request
from sqlalchemy import JSON, Select, create_engine, select, text, union_all
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.benchmarks.references.asked import SORTS, Asked, read
from tests.benchmarks.references.database import URL
from tests.benchmarks.references.page import PER_PAGE, application, known, shown

app = application(__name__)
facts = cache(known)


class Base(DeclarativeBase):
    """The root of the one table."""


class Car(Base):
    """A car, only with what the card and the order need."""

    __tablename__ = "cars"

    id: Mapped[int] = mapped_column(primary_key=True)
    dealership_id: Mapped[int]
    slug: Mapped[str]
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str]
    model_year: Mapped[int | None]
    price_cents: Mapped[int]
    mileage_km: Mapped[int | None]
    fuel: Mapped[str | None]
    transmission: Mapped[str | None]
    status: Mapped[str]
    listed_at: Mapped[datetime | None]
    cover: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    @property
    def tag(self) -> str:
        """What the plate on the photo says."""
        if self.status == "reserved":
            return "Reserved"
        now = datetime.now(UTC) if self.listed_at and self.listed_at.tzinfo else datetime.now(UTC).replace(tzinfo=None)
        return "New" if self.listed_at and now - self.listed_at < timedelta(days=7) else ""


@cache
def _engine() -> Any:
    return create_engine(URL)


@app.get("/cars/")
def browse() -> str:
    """The first page of what was asked for."""
    asked, stock = read(request.args), facts()
    with Session(_engine()) as session:
        return shown(asked, stock, session.scalars(_query(asked)).all(), stock.total, stock.counts)


def _query(asked: Asked) -> Select[Car]:
    """The same two walks along the index as the raw SQL has."""
    name, way = SORTS[asked.sort]
    column: Any = getattr(Car, name)
    order = (column.desc(), Car.id.desc()) if way == "DESC" else (column, Car.id)
    sql, values = asked.where()
    named = {f"v{at}": value for at, value in enumerate(values)}
    for key in named:
        sql = sql.replace("?", f":{key}", 1)
    walks = []
    for status in ("available", "reserved"):
        walk = select(Car.id).where(Car.dealership_id == 1, Car.status == status)
        walk = walk.where(Car.price_cents > 0) if name == "price_cents" else walk
        walk = walk.where(text("1 = 1" + sql).bindparams(**named)) if sql else walk
        walks.append(select(walk.order_by(*order).limit(PER_PAGE).subquery()))
    found = union_all(*walks).subquery()
    return select(Car).join(found, found.c.id == Car.id).order_by(*order).limit(PER_PAGE)
