"""What a row changes in a car that is here already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from kroi.catalogue.rules import CarStatus, moves

MISSING = "no longer in the file"
UNDONE = "import undone"
BY_IMPORT = (MISSING, UNDONE)


@dataclass(frozen=True)
class Change:
    """A field's value before and after."""

    before: Any
    after: Any


def changes(now: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Change]:
    """The facts that differ from the car as it stands, price included and status not. What is not said stays."""
    named = ((name, plain(now[name]), plain(new)) for name, new in facts.items() if name != "status")
    return {name: Change(before, after) for name, before, after in named if before != after}


def plain(value: Any) -> Any:
    """A value as JSON keeps it, so that stored and incoming ones compare."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value


def next_status(now: CarStatus, stated: CarStatus | None, *, withdrawn_by_import: bool) -> CarStatus:
    """Where a car goes that a file names. A sale that fell through needs a person, and so does any forbidden move."""
    if now is CarStatus.WITHDRAWN and withdrawn_by_import and stated in (None, CarStatus.RESERVED):
        return CarStatus.AVAILABLE
    if stated is None or stated is now:
        return now
    return stated if moves.may_move(now, stated) and not moves.needs_reason(now, stated) else now


def sentence(name: str, change: Change) -> str:
    """A change in a few words: `price 15,900 → 14,900`."""
    if name in ("paragraphs", "features", "specifications"):
        return _label(name)
    return f"{_label(name)} {_said(name, change.before)} → {_said(name, change.after)}"


def _label(name: str) -> str:
    return name.removesuffix("_cents").removesuffix("_km").removesuffix("_kw").removesuffix("_ccm").replace("_", " ")


def _said(name: str, value: Any) -> str:
    if name == "price_cents" and value == 0:
        return "on request"
    if name.endswith("_cents") and value is not None:
        units, cents = divmod(value, 100)
        return f"{units:,}.{cents:02}" if cents else f"{units:,}"
    return "–" if value in (None, "") else str(value)
