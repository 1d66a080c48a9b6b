"""The facts of a lead as they are kept with it: what it was judged by and how it came, nothing of them personal."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from kroi.leads.rules import Interest, Source
from kroi.leads.scoring.rules.evidence import Evidence

NUMBERS = frozenset({"message_length", "hour", "price", "days_on_sale"})


@dataclass(frozen=True)
class Facts:
    """What is known about a lead when it comes. Language and consent are left out: neither may weigh."""

    evidence: Evidence
    source: Source
    email: bool = False
    message_length: int = 0
    """In characters."""
    hour: int = 12
    """Of the day, 0 to 23, as the dealership's clock shows it."""
    weekday: int = 0
    """Monday is 0."""
    price_cents: int | None = None
    """What the car cost; `None`: no car, or no price."""
    days_on_sale: int | None = None

    def data(self) -> dict[str, Any]:
        """The facts as JSON."""
        found = {**asdict(self), **asdict(self.evidence)}
        del found["evidence"]
        return found | {"interest": self.evidence.interest.value, "source": self.source.value}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Facts":
        """The facts that `data` wrote down."""
        own = {name: data[name] for name in cls.__dataclass_fields__ if name not in ("evidence", "source")}
        known = {name: data[name] for name in Evidence.__dataclass_fields__ if name != "interest"}
        return cls(Evidence(Interest(data["interest"]), **known), Source(data["source"]), **own)

    def row(self) -> dict[str, str | float | bool | None]:
        """The facts as a learnt card reads them."""
        known = self.evidence
        return {
            "interest": known.interest.value,
            "source": self.source.value,
            "car": known.about_car,
            "phone": known.phone_can_exist,
            "email": self.email,
            "message_length": self.message_length,
            "hour": self.hour,
            "weekday": str(self.weekday),
            "asked_before": known.asked_before,
            "price": None if self.price_cents is None else self.price_cents / 100,
            "days_on_sale": self.days_on_sale,
            "throwaway": known.throwaway,
            "link": known.link,
            "fast": known.fast,
        }

    def with_later(self, later: Mapping[str, Any]) -> "Facts":
        """The same lead with what became known since: a number that can exist."""
        can_exist = bool(later.get("phone_can_exist", self.evidence.phone_can_exist))
        return replace(self, evidence=replace(self.evidence, phone_can_exist=can_exist))
