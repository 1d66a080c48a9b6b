"""Addresses that shoppers ask for, drawn by a seed: filters that fit a car there is, and never twice the same."""

from collections.abc import Callable, Iterator
from random import Random
from urllib.parse import urlencode

from kroi.catalogue.rules import ON_SALE
from tests.benchmarks.stock import cars

_FACETS = {"make": "make_slug", **{name: name for name in ("body", "fuel", "transmission", "drive", "colour")}}
_SORTS = ("newest", "newest", "newest", "price", "-price", "mileage", "year")
_WORDS = ("tow bar", "automaatti farmari", "neliveto", "panoramic roof", "diesel suv", "heated seats", "kombi webasto")
Pairs = list[tuple[str, str]]


class Shoppers:
    """Draws addresses. The cars they fit are the first of the stock, so every size has them."""

    def __init__(self, seed: int, count: int) -> None:
        self._random = Random(f"shoppers:{seed}")
        self.cars = [each.car for each in cars.cars(min(count, cars.CHUNK)) if each.car["status"] in ON_SALE]
        self._given: set[str] = set()

    def few(self) -> Iterator[str]:
        """Listings with one or two filtered facets."""
        return self._fresh(lambda: self._chosen(self._random.choice((1, 2, 2))))

    def many(self) -> Iterator[str]:
        """Listings with three or four facets, and spans of price, year or distance."""
        return self._fresh(lambda: self._chosen(self._random.choice((3, 4))) + self._spans(self._random.choice((1, 2))))

    def any(self) -> Iterator[str]:
        """Listings as they come: one to three facets, perhaps spans, in any order."""
        return self._fresh(
            lambda: (
                self._chosen(self._random.choice((1, 2, 3)))
                + self._spans(self._random.choice((0, 1, 1, 2)))
                + [("sort", self._random.choice(_SORTS))]
            )
        )

    def words(self) -> Iterator[str]:
        """Listings by words typed, in several languages, with a span."""
        return self._fresh(lambda: [("q", self._random.choice(_WORDS)), *self._spans(1)])

    def slugs(self) -> list[str]:
        """Pages of single cars, in a random order."""
        found = [f"/cars/{car['slug']}" for car in self.cars]
        self._random.shuffle(found)
        return found

    def _fresh(self, draw: Callable[[], Pairs]) -> Iterator[str]:
        while True:
            address = "/cars/?" + urlencode(sorted(set(draw())))
            if address not in self._given:
                self._given.add(address)
                yield address

    def _chosen(self, count: int) -> Pairs:
        """So many facets of one car, some with a second value beside it."""
        car, other = self._random.choice(self.cars), self._random.choice(self.cars)
        pairs = []
        for name in self._random.sample(list(_FACETS), count):
            pairs.append((name, str(car[_FACETS[name]])))
            if self._random.random() < 0.5:
                pairs.append((name, str(other[_FACETS[name]])))
        return pairs

    def _spans(self, count: int) -> Pairs:
        random = self._random
        car = random.choice(self.cars)
        ends = {
            "max_price": car["price_cents"] // 100 + random.randrange(500, 20_000),
            "max_mileage": car["mileage_km"] + random.randrange(1_000, 150_000),
            "min_year": car["model_year"] - random.randrange(6),
        }
        return [(name, str(ends[name])) for name in random.sample(list(ends), count)]


def take(addresses: Iterator[str], count: int) -> list[str]:
    """The next few."""
    return [next(addresses) for _ in range(count)]


def pages_of_cold_cards(count: int) -> list[str]:
    """Pages of the list that share no card: windows along the mileage."""
    distances = sorted(each.car["mileage_km"] for each in cars.cars(count) if each.car["status"] in ON_SALE)
    ends = dict.fromkeys(distances[::25])
    return [f"/cars/?min_mileage={end}&sort=mileage" for end in ends]
