"""What a location is."""

from dataclasses import dataclass, field
from typing import Any

Hours = dict[str, list[list[str]]]


@dataclass(frozen=True)
class Place:
    """A location as somebody describes it. Hours and days that differ are as the dealership keeps its own."""

    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    hours: Hours = field(default_factory=dict)
    special: Hours = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        """The same by column."""
        return {
            "name": self.name,
            "street": self.street,
            "postal_code": self.postal_code,
            "city": self.city,
            "opening_hours": self.hours,
            "special_days": self.special,
        }
