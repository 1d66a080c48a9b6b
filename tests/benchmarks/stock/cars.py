"""Cars out of a seed: Zipf-like makes and models, and prices that follow from age, distance and what the car is."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any, TypeVar

from kroi.catalogue.rules import Body, CarStatus, Colour, Drive, Fuel, Transmission, search
from kroi.core.text import slug
from tests.benchmarks.stock.vocabulary import (
    COLOURS,
    FEATURES,
    FUELS_BY_AGE,
    MAKES,
    SENTENCES,
    TRIMS,
    WHEELS,
    Line,
)

CHUNK = 5_000  # cars out of one seed, so that a small stock is the beginning of a larger one
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)  # fixed: the stock is the same whenever it is made
_FIRST_NUMBER = 100_001
_ON_REQUEST = 0.02
_STATUSES = ((CarStatus.AVAILABLE, 94), (CarStatus.RESERVED, 3), (CarStatus.SOLD, 2), (CarStatus.DRAFT, 1))
_KEPT_A_YEAR = 0.875  # of a car's worth
_YEAR_KM = {Fuel.DIESEL: 23_000, Fuel.ELECTRIC: 16_000}
_USUAL_KM = 14_500
_FOUND_BY = ("trim", "model_year", "body", "fuel", "transmission", "drive", "colour")
_LONGEST_LISTED = timedelta(days=200)
Value = TypeVar("Value")
Row = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A car with what hangs on it, each as values by column."""

    car: Row
    photos: list[Row]
    prices: list[Row]


class _Weighted:
    """Values by weight, drawn with one random number."""

    def __init__(self, pairs: Sequence[tuple[Any, float]]) -> None:
        self.values = [value for value, _weight in pairs]
        self.weights = list(accumulate(weight for _value, weight in pairs))

    def draw(self, random: Random) -> Any:
        return random.choices(self.values, cum_weights=self.weights)[0]


def _zipf(values: Sequence[Value], exponent: float = 1.0) -> _Weighted:
    return _Weighted([(value, 1 / rank**exponent) for rank, value in enumerate(values, 1)])


_MAKE = _zipf(list(MAKES), 0.9)
_MODEL = {make: _zipf(lines) for make, lines in MAKES.items()}
_STATUS, _COLOUR, _TRIM = _Weighted(_STATUSES), _Weighted(COLOURS), _zipf(TRIMS, 0.5)
_FUELS = [(age, _Weighted(pairs)) for age, pairs in FUELS_BY_AGE]
_FEATURE = _zipf(FEATURES, 0.4)


def cars(count: int, seed: int = 1) -> Iterator[Made]:
    """The first `count` cars of the seed's stock, with ids from 1."""
    for number in range(-(-count // CHUNK)):
        yield from chunk(number, min(CHUNK, count - number * CHUNK), seed)


def chunk(number: int, count: int = CHUNK, seed: int = 1) -> Iterator[Made]:
    """The first `count` cars of one chunk."""
    random = Random(f"{seed}:{number}")
    for at in range(count):
        yield _car(random, number * CHUNK + at + 1)


def _car(random: Random, car_id: int) -> Made:
    make = _MAKE.draw(random)
    line: Line = _MODEL[make].draw(random)
    age = min(int(random.gammavariate(2.2, 3.4)), 27)
    facts = _facts(random, line, age)
    euros = _euros(random, line, age, facts)
    status = _STATUS.draw(random)
    listed = NOW - _LONGEST_LISTED * random.random() ** 1.6 - timedelta(microseconds=car_id)
    text, number = _text(random), str(_FIRST_NUMBER + car_id)
    photos = _photos(random, car_id, status)
    row: Row = {
        "id": car_id,
        "stock_number": number,
        "slug": f"{_slug(f'{make} {line.name}')}-{number}",
        "make": make,
        "make_slug": _slug(make),
        "model": line.name,
        "model_slug": _slug(line.name),
        **facts,
        **text,
        "price_cents": euros * 100,
        "doors": 5 if facts["body"] not in (Body.COUPE, Body.CONVERTIBLE) else 2,
        "seats": random.choice((5, 5, 5, 5, 7)),
        "owners": 1 + min(age // 4, random.randrange(4)),
        "status": status,
        "search_text": _search_text(make, line.name, number, facts, text),
        "listed_at": None if status is CarStatus.DRAFT else listed,
        "sold_at": NOW - timedelta(days=random.randrange(20)) if status is CarStatus.SOLD else None,
        "cover": {**_cover(photos[0])} if photos else None,
        "photo_count": len(photos),
        "featured": random.random() < 0.01,
        "created_at": listed,
        "updated_at": listed,
    }
    return Made(row, photos, _prices(random, car_id, euros, listed))


_slug = cache(slug)  # few different names, a million times


def _search_text(make: str, model: str, number: str, facts: Row, text: Row) -> str:
    told = {name: facts[name] for name in _FOUND_BY}
    return search.search_text(make=make, model=model, stock_number=number, **told, **text)


def _facts(random: Random, line: Line, age: int) -> Row:
    body = random.choice(line.bodies)
    fuel = Fuel.ELECTRIC if line.electric else next(fuels for most, fuels in _FUELS if age <= most).draw(random)
    automatic = line.electric or fuel in (Fuel.HYBRID, Fuel.PLUG_IN_HYBRID) or random.random() < 0.75 - age * 0.03
    awd = random.random() < (0.45 if body in (Body.SUV, Body.PICKUP) else 0.1)
    usual = WHEELS.get(body, Drive.FWD)
    return {
        "trim": _TRIM.draw(random),
        "body": body,
        "model_year": NOW.year - age,
        "mileage_km": _mileage(random, fuel, age),
        "fuel": fuel,
        "transmission": Transmission.AUTOMATIC if automatic else Transmission.MANUAL,
        "drive": Drive.AWD if awd else usual if usual is not Drive.AWD else Drive.FWD,
        "power_kw": random.choice(line.powers),
        "colour": _COLOUR.draw(random) if random.random() < 0.98 else Colour.OTHER,
    }


def _mileage(random: Random, fuel: Fuel, age: int) -> int:
    """Kilometres that follow from the years, with people's habits as a spread."""
    years = age + random.random()
    return min(int(_YEAR_KM.get(fuel, _USUAL_KM) * years * random.lognormvariate(0, 0.35)) + 5, 640_000)


def _euros(random: Random, line: Line, age: int, facts: Row) -> int:
    """Whole euros: what the model costs new, less age, less distance, give or take; 0 is on request."""
    if random.random() < _ON_REQUEST:
        return 0
    strong = 1 + 0.25 * line.powers.index(facts["power_kw"])
    extra = 1.08 if facts["drive"] is Drive.AWD else 1.0
    driven: float = 0.5 ** (facts["mileage_km"] / 350_000)
    worth = line.euros * strong * extra * _KEPT_A_YEAR**age * driven * random.lognormvariate(0, 0.12)
    step = 100 if worth < 10_000 else 500 if random.random() < 0.4 else 100
    return max(int(worth / step) * step - (10 if random.random() < 0.6 else 0), 490)


def _text(random: Random) -> Row:
    features = list(dict.fromkeys(_FEATURE.draw(random) for _ in range(random.randrange(5, 16))))
    sentences = random.sample(SENTENCES, random.randrange(2, 7))
    half = len(sentences) // 2
    return {"features": features, "paragraphs": [" ".join(sentences[:half]), " ".join(sentences[half:])]}


def _photos(random: Random, car_id: int, status: CarStatus) -> list[Row]:
    """Rows without files: pages only name them."""
    count = 0 if random.random() < 0.01 or status is CarStatus.DRAFT else random.choice((1, 2, 3, 3, 4))
    return [
        {
            "car_id": car_id,
            "digest": hashlib.blake2b(f"{car_id}:{at}".encode(), digest_size=16).hexdigest(),
            "width": 1600,
            "height": 1200,
            "position": at,
            "alt": "",
        }
        for at in range(count)
    ]


def _cover(photo: Row) -> Row:
    return {name: photo[name] for name in ("digest", "width", "height", "alt")}


def _prices(random: Random, car_id: int, euros: int, listed: datetime) -> list[Row]:
    """The ledger: the price now, and for some cars the higher one before it."""
    if euros and random.random() < 0.3:
        cut = listed + (NOW - listed) * random.random()
        before = {"car_id": car_id, "price_cents": int(euros * random.uniform(1.02, 1.12) / 100) * 10_000, "at": listed}
        return [before, {"car_id": car_id, "price_cents": euros * 100, "at": cut}]
    return [{"car_id": car_id, "price_cents": euros * 100, "at": listed}]
