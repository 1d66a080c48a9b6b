"""Who was erased, by numbers alone, in a file beside the database: so that a backup that is put back erases them again.

Lines are only added. A line may stand twice when the process died between writing and saying so.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kroi.core import journal
from kroi.db.tenancy import current_dealership_id
from kroi.leads.privacy.rules import Why
from kroi.web.settings import settings

_NAME = "erasures.jsonl"


@dataclass(frozen=True)
class Line:
    """One erasure of a dealership (`house`): people and leads by number, and nothing personal.

    A number may be given out again after a restore: only rows that were made before `at` are meant.
    """

    at: datetime
    house: int
    people: tuple[int, ...]
    leads: tuple[int, ...]
    why: Why


def append(at: datetime, people: tuple[int, ...], leads: tuple[int, ...], why: Why) -> Line:
    """Add a line about our dealership, on the disk when this returns; raises OSError."""
    line = Line(at, current_dealership_id(), people, leads, why)
    journal.append(path(), asdict(line) | {"at": at.isoformat()})
    return line


def read() -> list[Line]:
    """Every line of every dealership, oldest first; one that is none is passed over."""
    return [line for line in map(_parsed, journal.read(path())) if line is not None]


def path() -> Path:
    """The file, in the instance folder."""
    return settings().instance / _NAME


def _parsed(said: dict[str, Any]) -> Line | None:
    try:
        at, people, leads = datetime.fromisoformat(said["at"]), tuple(said["people"]), tuple(said["leads"])
        return Line(at, int(said["house"]), people, leads, Why(said["why"]))
    except (ValueError, TypeError, KeyError):
        return None
