"""Which cars an address names, and which value of several is the best."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from kroi.catalogue.rules import SOLD, CarStatus

MOST = 100  # cars that one address may name
SIDE_BY_SIDE = 4
_LONGEST = 200  # characters of an address's last part
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Better(StrEnum):
    """Which of two numbers a buyer wants."""

    LESS = "less"
    MORE = "more"


def slugs(values: Iterable[str]) -> tuple[str, ...]:
    """The cars that these values of `car` name, each once, in their order; what cannot be an address is ignored."""
    kept = dict.fromkeys(value for value in values if len(value) <= _LONGEST and _SLUG.fullmatch(value))
    return tuple(kept)[:MOST]


def canonical(query: str) -> str:
    """The one spelling of a query: these pages read nothing but the cars."""
    values = (value for name, value in parse_qsl(query, errors="replace") if name == "car")
    return urlencode([("car", slug) for slug in slugs(values)])


def is_sold(status: CarStatus) -> bool:
    """Can nobody have it any more?"""
    return status in SOLD


def best(values: Sequence[int | None], better: Better) -> frozenset[int]:
    """The places of the best values; none where fewer than two are known, or where all that are known are equal."""
    known = [value for value in values if value is not None]
    if len(set(known)) < 2:
        return frozenset()
    wanted = min(known) if better is Better.LESS else max(known)
    return frozenset(place for place, value in enumerate(values) if value == wanted)
