"""Cards as HTML in memory. A card is as good as the facts it was made of: other facts make another card."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from markupsafe import Markup

from kroi.catalogue.cards import fresh
from kroi.catalogue.finance.queries import get_terms
from kroi.catalogue.finance.rules import Terms
from kroi.catalogue.queries import CarCard
from kroi.catalogue.rules.lapses import next_lapse
from kroi.core import clock
from kroi.db.tenancy import current_dealership_id
from kroi.web import pages, place
from kroi.web.place import Place

SIZES = "(min-width: 1000px) 30vw, (min-width: 560px) 46vw, 92vw"
MOST_BYTES = 40_000_000  # of one process
_OVERHEAD = 600  # bytes that a card needs beside its HTML


@dataclass(frozen=True, eq=False)
class _Way:
    """A way to show cards. There is one object for each, so that it is found by what it is and not by what it holds."""

    level: int
    eager: bool | str
    sizes: str


_Card = tuple[Markup, datetime, datetime]  # HTML, from when and until when it says so


@dataclass
class _Shown:
    """A car's card with these facts, in each way it was shown."""

    car: CarCard
    ways: dict[_Way, _Card] = field(default_factory=dict)
    size: int = _OVERHEAD


_known: OrderedDict[tuple[int, int], _Shown] = OrderedDict()  # by dealership and car, the oldest first
_lock = threading.Lock()
_size = 0


def one(car: CarCard, level: int = 2, eager: bool | str = False, sizes: str = SIZES) -> Markup:
    """One card. In templates `kept_card`."""
    way = _way(place.current(), get_terms(), level, eager, sizes)
    html, _since, until = _one(current_dealership_id(), car, way, clock.now())
    pages.until(until)
    return html


def several(cars: Iterable[CarCard], level: int = 2) -> Markup:
    """The cards of a page: the first photo is its largest, those of the first row do not wait."""
    mine, now, ways = current_dealership_id(), clock.now(), _ways(place.current(), get_terms(), level)
    last = len(ways) - 1
    found = [_one(mine, car, ways[min(at, last)], now) for at, car in enumerate(cars)]
    if found:
        pages.until(min(until for _html, _since, until in found))
    return Markup("\n".join([html for html, _since, _until in found]))


@lru_cache(maxsize=512)
def _ways(where: Place, terms: Terms, level: int) -> tuple[_Way, ...]:
    first: Sequence[bool | str] = ("first", True, True) if level == 2 else ()
    return tuple(_way(where, terms, level, eager, SIZES) for eager in (*first, False))


@lru_cache(maxsize=512)
def _way(where: Place, terms: Terms, level: int, eager: bool | str, sizes: str) -> _Way:
    return _Way(level, eager, sizes)


def described(dealership_id: int) -> dict[str, int]:
    """For operators: of how many cars of a dealership there are cards, and their bytes."""
    sizes = [known.size for (owner, _car_id), known in list(_known.items()) if owner == dealership_id]
    return {"cars": len(sizes), "bytes": sum(sizes), "most_bytes": MOST_BYTES}


def _one(mine: int, car: CarCard, way: _Way, now: datetime) -> _Card:
    key = (mine, car.id)
    known = _known.get(key)
    if known is not None and (known.car is car or known.car == car):
        found = known.ways.get(way)
        if found is not None and found[1] <= now < found[2]:
            return found
    return _make(key, car, way, now)


def _make(key: tuple[int, int], car: CarCard, way: _Way, now: datetime) -> _Card:
    global _size
    html = Markup(fresh.card(car, way.level, way.eager, way.sizes))
    made = html, now, _until(car, now)
    with _lock:
        known = _known.get(key)
        if known is None or known.car != car:
            _forget(key)
            known = _known[key] = _Shown(car)
            _size += known.size
        known.ways[way] = made
        known.size += len(html)
        _size += len(html)
        while _size > MOST_BYTES:
            _forget(next(iter(_known)))
    return made


def _forget(key: tuple[int, int]) -> None:
    global _size
    gone = _known.pop(key, None)
    if gone is not None:
        _size -= gone.size


def _until(car: CarCard, now: datetime) -> datetime:
    """When the card says something else though the car is the same: at midnight, and when it is no longer new.

    Also when the law no longer lets it show an earlier price.
    """
    zone = place.current().zone
    midnight = _midnight(clock.today(zone), zone)
    return min(midnight, next_lapse(car.listed_at, car.struck_until, now) or midnight)


@lru_cache(maxsize=64)
def _midnight(today: date, zone: str) -> datetime:
    return clock.start_of_day(today + timedelta(days=1), zone)
