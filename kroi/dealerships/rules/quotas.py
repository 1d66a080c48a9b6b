"""How much a dealership may have of what, where whoever runs the installation set a limit."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MEGABYTE = 1_000_000
LARGEST = 100_000_000


@dataclass(frozen=True)
class Quotas:
    """`None` is no limit."""

    users: int | None = None
    """People on the staff who are switched on."""
    cars: int | None = None
    """Cars in stock: drafts, on sale, reserved."""
    storage_mb: int | None = None
    """Megabytes of pictures, and of files that came with inquiries and mails."""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Quotas":
        """As it is stored; what cannot be a limit is none."""
        names = [each.name for each in fields(cls)]
        return cls(**{name: stored[name] for name in names if is_limit(stored.get(name))})

    def data(self) -> dict[str, int]:
        """As it is stored."""
        return {name: limit for name, limit in asdict(self).items() if limit is not None}


NO_LIMITS = Quotas()


def is_limit(value: object) -> bool:
    """Can this be one? Zero can: then there may be no more."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
