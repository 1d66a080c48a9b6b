"""What a location is: a place beside the main one, kept in the dealership's own row."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

Hours = dict[str, list[list[str]]]


@dataclass(frozen=True)
class Place:
    """A location. `id` is 0 for a new one; hours and days that differ are as the dealership keeps its own."""

    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
    hours: Hours = field(hash=False, default_factory=dict)
    special: Hours = field(hash=False, default_factory=dict)
    id: int = 0

    @property
    def address(self) -> str:
        """Street and town in one line; empty when neither is known."""
        return ", ".join(filter(None, (self.street, f"{self.postal_code} {self.city}".strip())))

    @property
    def phone_href(self) -> str:
        """The phone number as a `tel:` link."""
        return phone_href(self.phone)


def phone_href(phone: str) -> str:
    """A phone number as a `tel:` link."""
    return "tel:" + re.sub(r"[^0-9+]", "", phone)


def read(stored: Iterable[Mapping[str, Any]]) -> tuple[Place, ...]:
    """The locations of a dealership's row."""
    names = [each.name for each in fields(Place)]
    return tuple(Place(**{name: row[name] for name in names if name in row}) for row in stored)


def stored(places: Iterable[Place]) -> list[dict[str, Any]]:
    """The same as the row keeps them."""
    return [asdict(place) for place in places]


def next_id(places: Iterable[Place]) -> int:
    """An id that none of these has."""
    return max((place.id for place in places), default=0) + 1


def is_taken(name: str, places: Iterable[Place], own_id: int) -> bool:
    """Is another location called so?"""
    return any(place.name.casefold() == name.casefold() and place.id != own_id for place in places)
