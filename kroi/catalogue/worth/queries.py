"""Reads for comparing a price: two short walks along an index in our stock and two in the market's listings.

The walks go from the car's own age and mileage upwards and downwards, and end after a number of rows before any of
them is judged: what they cost does not grow with the stock, and the more there is, the nearer are the cars they meet.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, cast, literal, null, select, tuple_, union_all

from kroi.catalogue.models import Car, MarketListing
from kroi.catalogue.rules import ON_SALE, moves
from kroi.catalogue.worth import rules
from kroi.catalogue.worth.rules import Candidate, Kind, Worth
from kroi.core import clock
from kroi.db.model import session

_WALK = 40  # rows


def find_worth(car: Car) -> Worth | None:
    """What the price of a car on sale is worth; `None` when it has none or too few are comparable. One statement."""
    if car.status not in ON_SALE or not car.price_cents or car.model_year is None or car.mileage_km is None:
        return None
    this = Kind(car.model_year, car.mileage_km, car.fuel, car.body)
    return rules.worth(this, car.price_cents, _candidates(car, this), clock.now())


def list_named(ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    """Slug and version of these cars, by id; no slug where the page is over."""
    columns = Car.id, Car.slug, Car.trim, Car.status, Car.sold_at
    rows, now = session.execute(select(*columns).where(Car.id.in_(list(ids)))), clock.now()
    return {row.id: ("" if moves.page_is_gone(row.status, row.sold_at, now) else row.slug, row.trim) for row in rows}


def _candidates(car: Car, this: Kind) -> list[Candidate]:
    walks = [walk for kind in (Car, MarketListing) for walk in _walks(kind, car, this)]
    rows = session.execute(union_all(*(select(walk.subquery()) for walk in walks)))
    return [
        Candidate(Kind(year, km, fuel, body), cents, car_id, status, at)
        for year, km, fuel, body, cents, car_id, status, at in rows
        if car_id != car.id
    ]


def _walks(kind: type[Car] | type[MarketListing], car: Car, this: Kind) -> tuple[Select[Any], Select[Any]]:
    place, here = tuple_(kind.model_year, kind.mileage_km), tuple_(literal(this.year), literal(this.km))
    same = _columns(kind).where(kind.make_slug == car.make_slug, kind.model_slug == car.model_slug)
    above = same.where(place >= here, kind.model_year <= this.year + rules.YEARS)
    below = same.where(place < here, kind.model_year >= this.year - rules.YEARS)
    order = kind.model_year, kind.mileage_km, kind.id
    return (
        above.order_by(*order).limit(_WALK),
        below.order_by(*(column.desc() for column in order)).limit(_WALK),
    )


def _columns(kind: type[Car] | type[MarketListing]) -> Select[Any]:
    columns: list[Any] = [kind.model_year, kind.mileage_km, kind.fuel, kind.body, kind.price_cents]
    if kind is Car:
        return select(*columns, Car.id.label("car_id"), Car.status, Car.sold_at.label("at"))
    nobodys = (cast(null(), column.type).label(name) for name, column in (("car_id", Car.id), ("status", Car.status)))
    return select(*columns, *nobodys, MarketListing.seen_at.label("at"))
