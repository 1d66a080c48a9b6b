"""Reads for one car's page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, union_all

from kroi.catalogue import queries as catalogue
from kroi.catalogue.detail.rules import Likeness, distance
from kroi.catalogue.listing import queries as listing
from kroi.catalogue.models import Car, Photo, PriceChange
from kroi.catalogue.queries import CARD_COLUMNS, CarCard, Picture, card
from kroi.catalogue.rules import CarStatus, moves
from kroi.catalogue.rules.filters import EVERYTHING, CarFilter, Choice, Sort
from kroi.core import clock, text
from kroi.db.model import session

_CANDIDATES = 12  # cars looked at on each side of the price
_MOST_STEPS = 6  # prices that a step line has room for


def list_photos(car_id: int) -> list[Picture]:
    """The car's photos in order."""
    query = select(Photo.digest, Photo.width, Photo.height, Photo.alt).where(Photo.car_id == car_id)
    return [Picture(*row) for row in session.execute(query.order_by(Photo.position, Photo.id))]


def list_prices(car_id: int) -> list[tuple[int, datetime]]:
    """The last different prices (cents) and since when, oldest first; "on request" is none."""
    query = select(PriceChange.price_cents, PriceChange.at).where(PriceChange.car_id == car_id)
    steps: list[tuple[int, datetime]] = []
    for cents, at in session.execute(query.where(PriceChange.price_cents > 0).order_by(PriceChange.at, PriceChange.id)):
        if not steps or steps[-1][0] != cents:
            steps.append((cents, at))
    return steps[-_MOST_STEPS:]


def list_related(car: Car, most: int = 4) -> list[CarCard]:
    """Available cars most like this one by body, price, age and make; never itself."""
    rows = session.execute(union_all(*(select(walk.subquery()) for walk in _walks(car))))
    this = Likeness(car.make, car.body, car.price_cents, car.model_year)
    found = {one: distance(this, _likeness(one)) for one in map(card, rows)}
    return sorted(found, key=lambda one: (found[one], one.id))[:most]


def suggest(words: str) -> list[CarCard]:
    """Cars for somebody whose address leads nowhere: like the one whose page is over, else of the make and model."""
    car = catalogue.find_by_slug(text.slug(words))
    if car is not None and moves.page_is_gone(car.status, car.sold_at, clock.now()):  # of a draft nothing shows
        return list_related(car) or _guess(words)
    return _guess(words)


def _guess(words: str, most: int = 4) -> list[CarCard]:
    """Cars that somebody may have meant by these words of an address: of the make and model, then the newest."""
    names = Choice(catalogue.names_in(words))
    of_make = CarFilter(make=names)  # names that are no make are ignored: then these are the newest of all
    filters = (of_make.with_("model", names), of_make, EVERYTHING)
    found = dict.fromkeys(car for wanted in filters for car in listing.list_first(wanted, Sort.NEWEST, most))
    return list(found)[:most]


def _likeness(one: CarCard) -> Likeness:
    return Likeness(one.make, one.body, one.price_cents, one.model_year)


def _walks(car: Car) -> Iterator[Select[Any]]:
    """Short walks along the price index, up and down from this car's price: of the same body, then of any."""
    others = select(*CARD_COLUMNS).where(Car.status == CarStatus.AVAILABLE, Car.id != car.id)
    for among in (others.where(Car.body == car.body), others):
        if not car.price_cents:
            listed = among.where(Car.listed_at.is_not(None))
            yield listed.order_by(Car.listed_at.desc(), Car.id.desc()).limit(_CANDIDATES)
            continue
        above = among.where(Car.price_cents >= car.price_cents)
        yield above.order_by(Car.price_cents, Car.id).limit(_CANDIDATES)
        below = among.where(Car.price_cents < car.price_cents, Car.price_cents > 0)
        yield below.order_by(Car.price_cents.desc(), Car.id.desc()).limit(_CANDIDATES)
