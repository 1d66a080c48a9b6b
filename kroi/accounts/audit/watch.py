"""Reading the chain again and again, a stretch at a time, and keeping what was found where pages can tell of it.

What is known stands in a file beside the anchors: who can change the tables cannot make us forget.
"""

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kroi.accounts.audit import anchors, chain
from kroi.accounts.audit.anchors import Anchor
from kroi.accounts.audit.chain import Finding, Mark
from kroi.core import clock
from kroi.db.tenancy import current_dealership_id
from kroi.web.settings import settings

_log = logging.getLogger(__name__)
AT_ONCE = 20_000  # entries, which take about a second
ANEW = timedelta(days=7)  # then even what was read is read once more
OLD = timedelta(hours=6)  # when nobody has looked for so long, that is worth a word


@dataclass(frozen=True)
class Watch:
    """How far the chain was read, and what is wrong: the entry's number and its row, where there is one.

    `begun_at` is when reading began at the first entry, `whole_at` when that last came to the end.
    """

    at: datetime
    begun_at: datetime
    number: int
    hash: str
    whole_at: datetime | None = None
    fault: str | None = None
    fault_number: int | None = None
    fault_row: int | None = None

    @property
    def is_late(self) -> bool:
        """Has nobody looked for too long?"""
        return clock.now() - self.at > OLD


def look() -> Watch:
    """Read the next stretch of this dealership's chain, all of it from the start each week; what is known now."""
    now, written_down, before = clock.now(), anchors.read(current_dealership_id()), find()
    if before is None or _is_over(before, written_down, now):
        before = Watch(now, now, 0, Mark().hash, before.whole_at if before else None)
    stretch = chain.verify_some(written_down, Mark(before.number, before.hash), most=AT_ONCE)
    found = stretch.finding
    if found is not None:
        _log.error(
            "audit of dealership %s: entry %s, row %s: %s",
            current_dealership_id(), found.number, found.row_id, found.fault.value,
        )  # fmt: skip
    known = _known(before, stretch.mark, found, now, ended=stretch.ended)
    _write(known)
    return known


def find() -> Watch | None:
    """What is known of this dealership's chain; `None` before anybody looked."""
    try:
        said = json.loads(_path().read_text(encoding="utf-8"))
        moments = {name: datetime.fromisoformat(said[name]) for name in ("at", "begun_at", "whole_at") if said[name]}
        return Watch(**(said | moments))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def trouble() -> Watch | None:
    """What is known, if something is wrong."""
    known = find()
    return known if known is not None and known.fault is not None else None


def _is_over(known: Watch, written_down: list[Anchor], now: datetime) -> bool:
    """Must reading begin at the first entry: after a week without a fault, or when an older database was put back?"""
    restored = any(anchor.restored and anchor.at >= known.begun_at for anchor in written_down)
    return restored or (known.fault is None and now - known.begun_at >= ANEW)


def _known(before: Watch, mark: Mark, found: Finding | None, now: datetime, *, ended: bool) -> Watch:
    if found is not None:  # the same stretch is read again, until nothing is wrong with it any more
        fault = (found.fault.value, found.number, found.row_id)
        return Watch(now, before.begun_at, before.number, before.hash, before.whole_at, *fault)
    return Watch(now, before.begun_at, mark.number, mark.hash, now if ended else before.whole_at)


def _write(known: Watch) -> None:
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(known).items()}
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(said), encoding="utf-8")
    fresh.replace(path)


def _path() -> Path:
    return settings().instance / f"audit-watch-{current_dealership_id()}.json"
