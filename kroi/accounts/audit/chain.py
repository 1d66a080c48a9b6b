"""Walking the chain: is every entry what it was, in its place, and the end where the anchors saw it?"""

import enum
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row, Text, cast, select

from kroi.accounts.audit import rules
from kroi.accounts.audit.anchors import Anchor
from kroi.accounts.models import AuditEntry, AuditHead
from kroi.db.model import session

_AT_ONCE = 2_000
_FACTS = ("actor_id", "action", "subject_kind", "subject_id", "person_id", "sealed")


class Fault(enum.StrEnum):
    """What is wrong with the chain."""

    EDITED = "edited"
    REWRITTEN = "rewritten"
    MISSING = "missing"
    ADDED = "added"
    CUT = "cut"
    HEADLESS = "headless"


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong: entry `number` (to `last`), its row where there is one, the anchor that knew."""

    fault: Fault
    number: int
    last: int
    row_id: int | None = None
    anchor: Anchor | None = None


@dataclass(frozen=True)
class Verdict:
    """How many entries were read, how many anchors were compared, and what is wrong first, if anything is."""

    entries: int
    anchors: int
    finding: Finding | None


def verify(written_down: Sequence[Anchor]) -> Verdict:
    """Judge the chain of the dealership we act for by its own hashes and by these anchors."""
    walk = _Walk(still_valid(written_down))
    finding = walk.through() or walk.end()
    return Verdict(walk.number, len(walk.anchors), finding)


@dataclass(frozen=True)
class Mark:
    """A place in the chain: entry `number` had this hash; 0 is before the first."""

    number: int = 0
    hash: str = rules.START


@dataclass(frozen=True)
class Stretch:
    """A part of the chain was read, up to `mark`: was that its end, and what is wrong first, if anything is?"""

    mark: Mark
    ended: bool
    finding: Finding | None


def verify_some(written_down: Sequence[Anchor], after: Mark, *, most: int) -> Stretch:
    """The same for the entries behind `after`, at most so many, and the end if that is reached."""
    walk = _Walk(still_valid(written_down))
    finding = walk.begin(after) or walk.through(most)
    ended = finding is None and walk.read < most
    finding = finding or (walk.end() if ended else None)
    return Stretch(Mark(walk.number, walk.hash), ended, finding)


def still_valid(written_down: Sequence[Anchor]) -> dict[int, Anchor]:
    """Anchors by number, without those of entries that a restore put aside."""
    valid: dict[int, Anchor] = {}
    for anchor in written_down:
        if anchor.restored:
            valid = {number: kept for number, kept in valid.items() if number <= anchor.number}
        valid.setdefault(anchor.number, anchor)
    return valid


class _Walk:
    """From the first entry to the last: `number` and `hash` are those of the entry before."""

    def __init__(self, anchors: dict[int, Anchor]) -> None:
        self.anchors = anchors
        self.number, self.hash, self.row_id = 0, rules.START, 0
        self.hash_before = ""
        self.read = 0
        self._sure = 0  # entries up to here were seen by an anchor

    def begin(self, after: Mark) -> Finding | None:
        """Go on behind an entry that was read before: it must still be what it was."""
        if not after.number:
            return None
        query = select(AuditEntry.id, AuditEntry.hash, AuditEntry.previous_hash)
        row = session.execute(query.where(AuditEntry.number == after.number)).first()
        if row is None:
            return Finding(Fault.MISSING, after.number, after.number)
        if row.hash != after.hash:
            return Finding(Fault.REWRITTEN, after.number, after.number, row.id)
        self.number, self.hash, self.row_id, self.hash_before = after.number, row.hash, row.id, row.previous_hash
        self._sure = max((number for number in self.anchors if number <= after.number), default=0)
        return None

    def through(self, most: int | None = None) -> Finding | None:
        for row in islice(_rows(self.number or None), most):
            finding = self._judge(row)
            if finding:
                return finding
            self.hash_before = self.hash
            self.number, self.hash, self.row_id = row.number, row.hash, row.id
            self.read += 1
        return None

    def _judge(self, row: Row[Any]) -> Finding | None:
        if row.number <= self.number:
            return Finding(Fault.ADDED, row.number, row.number, row.id)
        if row.number > self.number + 1:
            return Finding(Fault.MISSING, self.number + 1, row.number - 1)
        if not _adds_up(row):
            return self._edited(row)
        if row.previous_hash != self.hash:
            return self._rewritten(row)
        return self._compare(row)

    def _edited(self, row: Row[Any]) -> Finding:
        """This entry is not what it was, unless one was slipped in before it and it was only moved along."""
        if row.previous_hash == self.hash_before and _adds_up(row, number=row.number - 1):
            return Finding(Fault.ADDED, self.number, self.number, self.row_id)
        return Finding(Fault.EDITED, row.number, row.number, row.id)

    def _rewritten(self, row: Row[Any]) -> Finding:
        """This entry adds up, but follows another one than stands before it: that one was made anew."""
        if self.number == 0:
            return Finding(Fault.EDITED, row.number, row.number, row.id)
        return Finding(Fault.REWRITTEN, self.number, self.number, self.row_id)

    def _compare(self, row: Row[Any]) -> Finding | None:
        anchor = self.anchors.get(row.number)
        if anchor is None:
            return None
        if anchor.hash != row.hash:
            return Finding(Fault.REWRITTEN, self._sure + 1, row.number, row.id, anchor)
        self._sure = row.number
        return None

    def end(self) -> Finding | None:
        """Is the end where the head says, and no earlier than the anchors saw it?"""
        head = session.execute(select(AuditHead.number, AuditHead.hash)).one_or_none()
        if head is not None and head.number > self.number and not self._was_just_added():
            return Finding(Fault.MISSING, self.number + 1, head.number)
        seen = max(self.anchors, default=0)
        if seen > self.number:
            return Finding(Fault.CUT, self.number + 1, seen, anchor=self.anchors[seen])
        if head is None:
            return Finding(Fault.HEADLESS, self.number, self.number) if self.number else None
        return self._compare_head(head.number, head.hash)

    def _was_just_added(self) -> bool:
        """Entries may join while we walk; they are judged in the next walk."""
        return session.scalar(select(AuditEntry.id).where(AuditEntry.number == self.number + 1)) is not None

    def _compare_head(self, number: int, digest: str) -> Finding | None:
        if number < self.number:
            return Finding(Fault.ADDED, number + 1, self.number)
        if number == self.number and digest != self.hash:
            return Finding(Fault.REWRITTEN, self.number, self.number, self.row_id)
        return None


def _rows(after: int | None) -> Iterator[Row[Any]]:
    """Every entry behind that number, by number, a few at a time."""
    while True:
        query = select(
            AuditEntry.id, AuditEntry.number, cast(AuditEntry.at, Text).label("at"),
            *(getattr(AuditEntry, name) for name in _FACTS),
            cast(AuditEntry.details, Text).label("details"), AuditEntry.previous_hash, AuditEntry.hash,
        ).order_by(AuditEntry.number).limit(_AT_ONCE)  # fmt: skip
        rows = session.execute(query if after is None else query.where(AuditEntry.number > after)).all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].number


def _adds_up(row: Row[Any], *, number: int | None = None) -> bool:
    """Is the entry's hash that of what it says, under its own number or under this one?"""
    try:
        details, at = json.loads(row.details), datetime.fromisoformat(row.at)
    except ValueError:
        return False
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    facts = {name: getattr(row, name) for name in _FACTS} | {"details": details}
    return bool(rules.entry_hash(row.previous_hash, number or row.number, at, facts) == row.hash)
