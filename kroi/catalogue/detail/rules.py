"""How alike two cars are to somebody who looks for one of them."""

import math
from dataclasses import dataclass

_OTHER_BODY = 3.0  # body decides most, then price, then age and make
_OTHER_MAKE = 0.8
_TWICE_THE_PRICE = 4.0
_A_YEAR = 0.3
_UNKNOWN = 1.5  # when a price or a year cannot be compared


@dataclass(frozen=True)
class Likeness:
    """What is compared of a car. Price in cents, 0 on request."""

    make: str
    body: str | None
    price_cents: int
    year: int | None


def distance(one: Likeness, other: Likeness) -> float:
    """0 for the same kind of car; the more, the less alike."""
    apart = _OTHER_BODY if one.body != other.body else 0.0
    apart += _OTHER_MAKE if one.make != other.make else 0.0
    if one.price_cents and other.price_cents:
        apart += _TWICE_THE_PRICE * abs(math.log2(other.price_cents / one.price_cents))
    else:
        apart += _UNKNOWN
    if one.year and other.year:
        apart += _A_YEAR * abs(one.year - other.year)
    else:
        apart += _UNKNOWN
    return apart
