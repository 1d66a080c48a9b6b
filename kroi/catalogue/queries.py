"""Reads of cars for the shop: cards for lists, and the car behind an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Row, Select, func, select, union_all

from kroi.catalogue.models import Car, OldSlug
from kroi.catalogue.rules import ON_SALE, Body, CarStatus, Colour, Drive, Fuel, Transmission, moves
from kroi.core import clock, text
from kroi.core.errors import Gone, NotFound
from kroi.db.model import session

_MOST_GUESSED_BY = 6  # words of an address


@dataclass(frozen=True)
class Picture:
    """A photo as pages need it: `digest` names its files, the size is the original's in pixels."""

    digest: str
    width: int
    height: int
    alt: str


class CarCard(NamedTuple):
    """A car among others. Prices in cents, 0 on request; unknown facts are `None`."""

    id: int
    slug: str
    make: str
    model: str
    trim: str
    body: Body | None
    model_year: int | None
    price_cents: int
    struck_cents: int | None
    struck_until: datetime | None
    mileage_km: int | None
    fuel: Fuel | None
    transmission: Transmission | None
    drive: Drive | None
    colour: Colour | None
    status: CarStatus
    arriving: bool
    arriving_on: date | None
    listed_at: datetime | None
    sold_at: datetime | None
    cover: Picture | None

    @property
    def title(self) -> str:
        """Make and model."""
        return f"{self.make} {self.model}"


CARD_COLUMNS = tuple(getattr(Car, name) for name in CarCard._fields)


def picture(stored: dict[str, Any] | None) -> Picture | None:
    """The photo that a car's `cover` repeats."""
    if not stored:
        return None
    return Picture(stored["digest"], stored["width"], stored["height"], stored.get("alt") or "")


def card(row: Row[Any]) -> CarCard:
    """A row of `CARD_COLUMNS` as a card; columns before them are left out."""
    *values, cover = row[-len(CARD_COLUMNS) :]
    return CarCard._make((*values, picture(cover)))


def list_newest(most: int) -> list[CarCard]:
    """The cars that came on sale last; a short walk along the index for each status."""
    listed = select(Car.id.label("id")).where(Car.listed_at.is_not(None))
    latest = listed.order_by(Car.listed_at.desc(), Car.id.desc()).limit(most)
    ids = union_all(*(select(latest.where(Car.status == status).subquery()) for status in ON_SALE)).subquery()
    query = select(*CARD_COLUMNS).join(ids, ids.c.id == Car.id).order_by(Car.listed_at.desc(), Car.id.desc())
    return [card(row) for row in session.execute(query.limit(most))]


def list_cards(ids: Iterable[int], *, on_sale: bool = False) -> list[CarCard]:
    """The cards of these cars, in this order; whatever their status, or only those on sale."""
    wanted = list(ids)
    query = select(*CARD_COLUMNS).where(Car.id.in_(wanted))
    if on_sale:
        query = query.where(Car.status.in_(ON_SALE))
    found = {row.id: card(row) for row in session.execute(query)}
    return [found[car_id] for car_id in wanted if car_id in found]


def counting_on_sale() -> Select[int]:
    """The query that counts them, for a place that counts more than these at once."""
    return select(func.count()).select_from(Car).where(Car.status.in_(ON_SALE))


def find_by_slug(slug: str) -> Car | None:
    """The car under this address, whatever its status."""
    return session.scalar(select(Car).where(Car.slug == slug)) if _may_be_ours(slug) else None


def find_moved(slug: str) -> str | None:
    """The slug that a car of this former slug has now."""
    query = select(Car.slug).join(OldSlug, OldSlug.car_id == Car.id).where(OldSlug.slug == slug)
    return session.scalar(query) if _may_be_ours(slug) else None


def _may_be_ours(slug: str) -> bool:
    """PostgreSQL refuses to look for a text that holds a NUL."""
    return "\x00" not in slug


def refuse_hidden(car: Car | None) -> Car:
    """The car, if it has a public page: raises NotFound for none and for a draft, Gone for one whose page is over."""
    if car is None or car.status is CarStatus.DRAFT:
        raise NotFound(_("The car may have been sold, or the address has a typing error."))
    if moves.page_is_gone(car.status, car.sold_at, clock.now()):
        raise Gone(_("This car is no longer for sale."))
    return car


def names_in(words: str) -> tuple[str, ...]:
    """Every slug that could be a make or a model in the words of an address."""
    parts = text.slug(words).split("-")[:_MOST_GUESSED_BY]
    starts = range(len(parts))
    return tuple(sorted({"-".join(parts[at:end]) for at in starts for end in range(at + 1, len(parts) + 1)}))
