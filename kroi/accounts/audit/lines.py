"""Entries as the page and the file show them: names looked up, personal values opened where they may be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from kroi.accounts import queries as users
from kroi.accounts.audit import queries, words
from kroi.accounts.audit.deeds import PAGES, PEOPLE
from kroi.accounts.audit.words import Change, Codes
from kroi.accounts.models import AuditEntry
from kroi.web import sheets
from kroi.web.urls import url_for

_AT_ONCE = 500  # entries whose names are looked up together


@dataclass(frozen=True)
class Line:
    """One entry in words. `personal` are values of a person; `erased`: there were some, and the person is gone."""

    number: int
    at: datetime
    who: str
    what: str
    thing: str
    subject_id: int | None
    href: str
    changes: Sequence[Change]
    personal: Sequence[Change]
    erased: bool


def lines(entries: Sequence[AuditEntry]) -> list[Line]:
    """These entries in words: two queries, however many they are."""
    names = users.names({entry.actor_id for entry in entries} | set(_meant(entries)))
    opened, codes = queries.unseal(entries), _codes(names)
    return [_line(entry, names.get(entry.actor_id or 0, ""), opened.get(entry.id, {}), codes) for entry in entries]


def sheet(entries: Iterable[AuditEntry], language: str) -> Iterator[bytes]:
    """The same as a file for a spreadsheet, some hundred entries at a time."""
    head = [_("Number"), _("When (UTC)"), _("Who"), _("What"), _("To what"), _("Its number"), _("Changes")]
    return sheets.pieces(head, map(_cells, _batched(entries)), language)


def _batched(entries: Iterable[AuditEntry]) -> Iterator[Line]:
    batch: list[AuditEntry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == _AT_ONCE:
            yield from lines(batch)
            batch = []
    yield from lines(batch)


def _meant(entries: Iterable[AuditEntry]) -> Iterator[int]:
    """Numbers of staff that these entries' details name."""
    for entry in entries:
        found = (entry.details.get(name) for deed, name in PEOPLE if deed == entry.action)
        yield from (each for each in found if isinstance(each, int))


def _codes(names: Mapping[int, str]) -> Codes:
    """The words for codes that rooms above gave us, and what staff are called."""
    known: Codes = current_app.extensions["kroi.audit_codes"]
    people = {str(number): name for number, name in names.items()}
    return {**known, **dict.fromkeys(PEOPLE, people)}


def _line(entry: AuditEntry, name: str, opened: dict[str, object] | None, codes: Codes) -> Line:
    endpoint, key = PAGES.get(entry.subject_kind, ("", ""))
    return Line(
        number=entry.number,
        at=entry.at,
        who=name or (_("Somebody who is gone") if entry.actor_id else _("Nobody of the staff")),
        what=words.action(entry.action),
        thing=words.thing(entry.subject_kind),
        subject_id=entry.subject_id,
        href=url_for(endpoint, language=None, **{key: entry.subject_id}) if endpoint and entry.subject_id else "",
        changes=words.changes(entry.details, entry.action, codes),
        personal=words.changes(opened or {}),
        erased=opened is None,
    )


def _cells(line: Line) -> list[object]:
    said = [*line.changes, *line.personal]
    parts = [f"{each.label}: {_both(each)}" if each.label else _both(each) for each in said]
    parts += [_("erased")] if line.erased else []
    at = line.at.isoformat(timespec="seconds")
    return [line.number, at, line.who, line.what, line.thing, line.subject_id, "; ".join(parts)]


def _both(change: Change) -> str:
    return change.after if change.before is None else f"{change.before} → {change.after}"
