"""Which cars a price may be compared with, what their prices come to, and where this one lies among them.

A comparable's price is moved to this car's age and mileage: 8 % for each year, 3 % for every 10,000 km. Both are what
prices of the same make, model, fuel and power lose in 36,705 German listings of 2021 (log-linear fit within groups:
8.4 % and 3.1 %; docs/decisions/worth.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from kroi.catalogue.rules import ON_SALE, SOLD, Body, CarStatus, Fuel
from kroi.core import text

FEWEST = 6  # cars: of fewer nothing is said
MOST = 24  # the nearest ones
YEARS = 2  # older or newer
REMEMBERED = timedelta(days=365)  # how long a sale, or a listing that no file repeats, is worth something
A_YEAR = Decimal("0.08")
A_KM = Decimal("0.03") / 10_000
_LEAST_BAND = 20_000  # km
_BAND = Decimal("0.3")  # of the mileage
_STEPS = (1, 2, 5)
_MOST_STEPS = 8
Facts = tuple[Any, ...]


@dataclass(frozen=True)
class Listing:
    """One offer of the market. Price in cents."""

    make: str
    model: str
    year: int
    km: int
    price_cents: int
    fuel: Fuel | None = None
    body: Body | None = None

    def facts(self) -> Facts:
        """The values of its row, in the order of the columns."""
        names = text.slug(self.make), text.slug(self.model)
        return (*names, self.year, self.km, self.price_cents, self.fuel, self.body)


@dataclass(frozen=True)
class Kind:
    """What a price is compared by: model year, km, fuel and body (`None` is unknown)."""

    year: int
    km: int
    fuel: Fuel | None = None
    body: Body | None = None


@dataclass(frozen=True)
class Candidate:
    """A car of the same make and model. Ours has a `car_id`; a `status` only ours; `at` is when it was sold or seen."""

    kind: Kind
    price_cents: int
    car_id: int | None = None
    status: CarStatus | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Compared:
    """One comparable: what is asked for it, and what that comes to at this car's age and mileage. In cents."""

    kind: Kind
    price_cents: int
    adjusted_cents: int
    car_id: int | None


@dataclass(frozen=True)
class Worth:
    """The comparables, the cheapest first once adjusted; quartiles of the adjusted prices in cents."""

    price_cents: int
    compared: tuple[Compared, ...]
    low_cents: int
    middle_cents: int
    high_cents: int


@dataclass(frozen=True)
class Scale:
    """A line from one round price to another, in cents."""

    low: int
    high: int

    def place(self, cents: int) -> Decimal:
        """Where a price lies on it, in percent with two decimals."""
        return (Decimal(cents - self.low) * 100 / (self.high - self.low)).quantize(Decimal("0.01"))


def worth(this: Kind, price_cents: int, candidates: Iterable[Candidate], now: datetime) -> Worth | None:
    """What the price (over 0) is worth among these cars, or `None` when too few of them are comparable."""
    likely = [each for each in candidates if is_comparable(this, each, now)]
    ours = {(each.kind.year, each.kind.km) for each in likely if each.car_id is not None} | {(this.year, this.km)}
    # Our own cars stand in the market's lists too.
    single = [each for each in likely if each.car_id is not None or (each.kind.year, each.kind.km) not in ours]
    nearest = sorted(single, key=lambda each: (_apart(this, each.kind), each.price_cents, each.car_id or 0))[:MOST]
    if len(nearest) < FEWEST:
        return None
    compared = sorted((_compared(this, each) for each in nearest), key=lambda each: each.adjusted_cents)
    prices = [each.adjusted_cents for each in compared]
    low, middle, high = (_quantile(prices, quarter) for quarter in (1, 2, 3))
    return Worth(price_cents, tuple(compared), low, middle, high)


def is_comparable(this: Kind, other: Candidate, now: datetime) -> bool:
    """May this car's price be held against the other's?"""
    alike = all(
        mine is None or theirs is None or mine is theirs
        for mine, theirs in ((this.fuel, other.kind.fuel), (this.body, other.kind.body))
    )
    near = abs(this.year - other.kind.year) <= YEARS and abs(this.km - other.kind.km) <= band(this.km)
    return alike and near and other.price_cents > 0 and _counts(other, now)


def _counts(other: Candidate, now: datetime) -> bool:
    """For sale now, or sold or seen within the last year."""
    if other.status in ON_SALE:
        return True
    if other.status is not None and other.status not in SOLD:
        return False
    return other.at is not None and now - other.at <= REMEMBERED


def band(km: int) -> int:
    """How many km more or less a comparable may have."""
    return max(_LEAST_BAND, int(km * _BAND))


def adjusted(this: Kind, other: Kind, price_cents: int) -> int:
    """What the other's price comes to at this car's age and mileage, whole cents."""
    return int(
        (price_cents * (1 + A_YEAR * (this.year - other.year) - A_KM * (this.km - other.km))).to_integral_value()
    )


def _apart(this: Kind, other: Kind) -> Decimal:
    """How much has to be adjusted at all: the less, the better the comparison."""
    return A_YEAR * abs(this.year - other.year) + A_KM * abs(this.km - other.km)


def _compared(this: Kind, other: Candidate) -> Compared:
    return Compared(other.kind, other.price_cents, adjusted(this, other.kind, other.price_cents), other.car_id)


def _quantile(values: Sequence[int], quarter: int) -> int:
    """The value at so many quarters of the way through them, between neighbours in proportion."""
    at, part = divmod((len(values) - 1) * quarter, 4)
    return values[at] if part == 0 else values[at] + (values[at + 1] - values[at]) * part // 4


def scale(found: Worth) -> Scale:
    """A line with round ends that holds this price and all others."""
    prices = [found.price_cents, *(each.adjusted_cents for each in found.compared)]
    low, high = min(prices), max(prices)
    step = next(step for step in _round_steps() if -(-high // step) - low // step <= _MOST_STEPS)
    start, end = low // step * step, -(-high // step) * step
    return Scale(start, max(end, start + step))


def _round_steps() -> Iterable[int]:
    """500, 1,000, 2,000, 5,000 … euros, in cents."""
    return (digit * 10**power for power in range(4, 16) for digit in _STEPS)
