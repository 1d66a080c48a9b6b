"""Reads of the record of who did what: by keys and indexes, however long it is."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Select, select

from kroi.accounts.models import AuditEntry
from kroi.core import sealing
from kroi.db.model import session

PER_PAGE = 50
_AT_ONCE = 1_000
SealKeys = Callable[[Iterable[int]], Mapping[int, str]]


@dataclass(frozen=True)
class Wanted:
    """Which entries: by whom (0 is nobody of the staff), what was done, to what, from when (included) until when."""

    actor_id: int | None = None
    action: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_page(wanted: Wanted, *, before: int | None) -> tuple[Sequence[AuditEntry], bool]:
    """Entries with numbers under `before`, newest first, and whether there are older ones."""
    rows = _newest(wanted, before, PER_PAGE + 1)
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def all_of(wanted: Wanted, *, most: int) -> Iterator[AuditEntry]:
    """The same, all pages, at most so many."""
    before, left = None, most
    while left > 0:
        rows = _newest(wanted, before, min(_AT_ONCE, left))
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        before, left = rows[-1].number, left - len(rows)


def unseal(entries: Iterable[AuditEntry]) -> dict[int, dict[str, object] | None]:
    """Personal values of these entries by id; `None` where the person was erased, and the key with them."""
    sealed = [entry for entry in entries if entry.sealed]
    find_keys: SealKeys = current_app.extensions["kroi.seal_keys"]
    keys = find_keys({entry.person_id for entry in sealed if entry.person_id}) if sealed else {}
    return {entry.id: _opened(keys.get(entry.person_id or 0), entry.sealed or "") for entry in sealed}


def _opened(key: str | None, sealed: str) -> dict[str, object] | None:
    words = sealing.unseal(key, sealed) if key else None
    if words is None:
        return None
    try:
        found = json.loads(words)
    except ValueError:
        return {"": words}
    return found if isinstance(found, dict) else {"": found}


def _newest(wanted: Wanted, before: int | None, most: int) -> Sequence[AuditEntry]:
    query = _matching(wanted).order_by(AuditEntry.number.desc()).limit(most)
    if before is not None:
        query = query.where(AuditEntry.number < before)
    return list(session.scalars(query))


def _matching(wanted: Wanted) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if wanted.actor_id is not None:
        query = query.where(AuditEntry.actor_id == (wanted.actor_id or None))
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.subject_kind:
        query = query.where(AuditEntry.subject_kind == wanted.subject_kind)
    if wanted.subject_id is not None:
        query = query.where(AuditEntry.subject_id == wanted.subject_id)
    return _between(query, wanted)


def _between(query: Select[AuditEntry], wanted: Wanted) -> Select[AuditEntry]:
    """Numbers rise with time, so two look-ups turn moments into numbers."""
    if wanted.since is not None:
        first = select(AuditEntry.number).where(AuditEntry.at >= wanted.since).order_by(AuditEntry.at).limit(1)
        number = session.scalar(first)
        query = query.where(AuditEntry.number >= (number if number is not None else 2**62))
    if wanted.until is not None:
        last = select(AuditEntry.number).where(AuditEntry.at < wanted.until).order_by(AuditEntry.at.desc()).limit(1)
        query = query.where(AuditEntry.number <= (session.scalar(last) or 0))
    return query
