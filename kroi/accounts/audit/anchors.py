"""Anchors: the chain's end, written down in a file beside the database, so that a cut tail is missed.

Lines are only added. A restore of an older backup is written down, too: what the anchors say of later entries is void
from then on.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from kroi.accounts.models import AuditHead
from kroi.core import clock, journal
from kroi.db.model import session
from kroi.db.tenancy import across_dealerships, current_dealership_id
from kroi.web.settings import settings

_log = logging.getLogger(__name__)
_NAME = "audit-anchors.jsonl"


@dataclass(frozen=True)
class Anchor:
    """What the end of a house's chain was: entry `number` had this hash. `restored`: it became the end by a restore."""

    at: datetime
    house: int
    number: int
    hash: str
    restored: bool = False


def drop() -> Anchor | None:
    """Write down where the chain of this dealership ends now, unless that stands there; what was written."""
    head = session.execute(select(AuditHead.number, AuditHead.hash)).one_or_none()
    if head is None:
        return None
    known = read(current_dealership_id())
    if known and (known[-1].number, known[-1].hash) == (head.number, head.hash):
        return None
    return _add(Anchor(clock.now(), current_dealership_id(), head.number, head.hash))


def note_restored() -> None:
    """Write down that every chain ends where the database that was just put back says."""
    with across_dealerships():
        heads = session.execute(select(AuditHead.dealership_id, AuditHead.number, AuditHead.hash)).all()
    for dealership_id, number, digest in heads:
        _add(Anchor(clock.now(), dealership_id, number, digest, restored=True))


def read(house: int) -> list[Anchor]:
    """What was written down of this dealership's chain, oldest first; a line that is none is passed over."""
    found = [anchor for anchor in map(_parsed, journal.read(path())) if anchor is not None]
    return [anchor for anchor in found if anchor.house == house]


def path() -> Path:
    """The file, in the instance folder."""
    return settings().instance / _NAME


def _add(anchor: Anchor) -> Anchor:
    journal.append(path(), asdict(anchor) | {"at": anchor.at.isoformat()})
    _log.info("audit anchor: dealership %s, entry %s, %s", anchor.house, anchor.number, anchor.hash)
    return anchor


def _parsed(said: dict[str, Any]) -> Anchor | None:
    try:
        return Anchor(**(said | {"at": datetime.fromisoformat(said["at"])}))
    except (ValueError, TypeError, KeyError):
        return None
