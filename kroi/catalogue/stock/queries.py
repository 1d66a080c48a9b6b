"""Reads of the stock for staff: one page of the list, what each tab holds, and one car to look at or change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from kroi.catalogue.models import Car
from kroi.catalogue.queries import Picture, picture
from kroi.catalogue.rules import SOLD, CarStatus, search
from kroi.catalogue.stock import rules
from kroi.catalogue.stock.rules import Fault, Interest, Place, StockFilter, Tab
from kroi.core import clock
from kroi.core.errors import NotFound
from kroi.db import dialects
from kroi.db.model import session

_LAST = 2**60  # cents; where cars without a price stand when the cheapest come first
_COLUMNS = (
    "id", "stock_number", "make", "model", "trim", "model_year", "mileage_km", "price_cents", "status", "arriving",
    "reserved_until", "listed_at", "created_at", "sold_at", "photo_count", "vin",
)  # fmt: skip


InterestIn = Callable[[Sequence[int]], Mapping[int, Interest]]
"""Whoever counts views and inquiries answers for these cars (ids); a car that nobody cared for is left out."""


@dataclass(frozen=True)
class StockRow:
    """A car in the stock list."""

    id: int
    stock_number: str
    make: str
    model: str
    trim: str
    model_year: int | None
    mileage_km: int | None
    price_cents: int
    status: CarStatus
    arriving: bool
    reserved_until: date | None
    listed_at: datetime | None
    created_at: datetime
    sold_at: datetime | None
    photo_count: int
    vin: str | None
    cover: Picture | None
    interest: Interest = field(default_factory=Interest)

    @property
    def title(self) -> str:
        """Make and model."""
        return f"{self.make} {self.model}"

    @property
    def days(self) -> int:
        """Days since it came on sale (as a draft: since it was written down), to the sale."""
        return ((self.sold_at or clock.now()) - (self.listed_at or self.created_at)).days

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What it lacks, while that still matters."""
        gone = (*SOLD, CarStatus.WITHDRAWN)
        return () if self.status in gone else rules.faults(self)

    @property
    def is_quiet(self) -> bool:
        """Is it on sale, and has nobody asked about it for long?"""
        on_sale = self.status is CarStatus.AVAILABLE and self.listed_at is not None
        return on_sale and self.interest.is_quiet(self.listed_at or self.created_at, clock.now())


@dataclass(frozen=True)
class StockPage:
    """One page: `first` is the position of its first row (from 1), `total` how many match; neighbours if there are."""

    rows: list[StockRow]
    first: int
    total: int
    previous: Place | None
    next: Place | None


def list_page(wanted: StockFilter) -> StockPage:
    """One page of the cars that match, in the order wanted."""
    backwards = wanted.before is not None and wanted.after is None
    place = wanted.before if backwards else wanted.after
    found = _walk(wanted, place, falls=wanted.order.falls != backwards)
    more, found = len(found) > rules.PER_PAGE, found[: rules.PER_PAGE]
    if backwards:
        found.reverse()
    ends = [Place(_said(key), car_id) for key, car_id in (found[:1] + found[-1:])]
    first = 1 + (
        _count(wanted, _beyond(_key(wanted), ends[0], wanted, not wanted.order.falls)) if place and ends else 0
    )
    return StockPage(
        rows=_rows([car_id for _key_of, car_id in found]),
        first=first,
        total=_count(wanted),
        previous=ends[0] if found and first > 1 else None,
        next=ends[-1] if found and (more or backwards) else None,
    )


def count_tabs() -> dict[Tab, int]:
    """How many cars each tab holds."""
    counts = dict(session.execute(select(Car.status, func.count()).group_by(Car.status)).all())
    return {tab: sum(counts.get(status, 0) for status in statuses) for tab, statuses in rules.STATUSES.items()}


def get(car_id: int) -> Car:
    """The car, whatever its status; raises NotFound."""
    return _existing(session.get(Car, car_id))


def lock(car_id: int) -> Car:
    """The car, to be changed in this transaction; raises NotFound."""
    query = select(Car).where(Car.id == car_id).with_for_update()
    return _existing(session.scalar(query.execution_options(populate_existing=True)))


def _walk(wanted: StockFilter, place: Place | None, *, falls: bool) -> list[tuple[Any, int]]:
    """Keys and ids of one page and one car more. Each status has an index in the list's order, so each is walked."""
    key, found = _key(wanted), []
    for status in rules.STATUSES[wanted.tab]:
        query = select(key.label("key"), Car.id).where(Car.status == status, *_conditions(wanted))
        if place:
            query = query.where(_beyond(key, place, wanted, falls))
        query = query.order_by(*(each.desc() if falls else each for each in (key, Car.id)))
        found += [(row.key, row.id) for row in session.execute(query.limit(rules.PER_PAGE + 1))]
    found.sort(key=lambda each: (each[0] is not None, each[0] or 0, each[1]), reverse=falls)
    return found[: rules.PER_PAGE + 1]


def _rows(ids: list[int]) -> list[StockRow]:
    """These cars, in this order."""
    if not ids:
        return []
    query = select(*(getattr(Car, name) for name in _COLUMNS), Car.cover).where(Car.id.in_(ids))
    interest_in: InterestIn = current_app.extensions["kroi.car_interest"]
    interest, none = interest_in(ids), Interest()
    found = {
        row.id: StockRow(
            **{name: getattr(row, name) for name in _COLUMNS},
            cover=picture(row.cover),
            interest=interest.get(row.id, none),
        )
        for row in session.execute(query)
    }
    return [found[car_id] for car_id in ids if car_id in found]


def _conditions(wanted: StockFilter) -> list[ColumnElement[bool]]:
    """What a car must be, beside its status."""
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        plate = wanted.words.replace(" ", "")
        found.append(
            or_(
                dialects.text_match(Car.search_text, search.search_words(wanted.words)),
                Car.vin.icontains(plate, autoescape=True),
                Car.plate.icontains(plate, autoescape=True),
            )
        )
    if wanted.faulty:
        found.append(
            or_(
                Car.photo_count == 0,
                Car.price_cents == 0,
                Car.vin.is_(None),
                Car.mileage_km.is_(None),
                Car.model_year.is_(None),
            )
        )
    return found


def _key(wanted: StockFilter) -> Any:
    """What the list is ordered by. A car on sale came on some day; a draft counts from when it was written down."""
    if wanted.order.by_price:
        return Car.price_cents if wanted.order.falls else case((Car.price_cents == 0, _LAST), else_=Car.price_cents)
    return Car.listed_at if wanted.tab in (Tab.ON_SALE, Tab.RESERVED) else func.coalesce(Car.listed_at, Car.created_at)


def _beyond(key: Any, place: Place, wanted: StockFilter, falls: bool) -> ColumnElement[bool]:
    """Rows that follow the place when the order `falls` or rises."""
    value = int(place.value) if wanted.order.by_price else datetime.fromisoformat(place.value)
    if falls:
        return or_(key < value, and_(key == value, Car.id < place.car_id))
    return or_(key > value, and_(key == value, Car.id > place.car_id))


def _said(key: int | datetime | None) -> str:
    return key.isoformat() if isinstance(key, datetime) else str(key)


def _count(wanted: StockFilter, *more: ColumnElement[bool]) -> int:
    shown = Car.status.in_(rules.STATUSES[wanted.tab])
    return session.scalar(select(func.count()).select_from(Car).where(shown, *_conditions(wanted), *more)) or 0


def _existing(car: Car | None) -> Car:
    if car is None:
        raise NotFound(_("There is no such car here."))
    return car
