"""Everything that is held about a person as one archive: data for programs, a page for people, their files.

docs/privacy.md describes the data. Left out are our secrets, digests that only we compare, and who of the staff it was.
"""

import enum
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from flask import current_app
from sqlalchemy import select

from kroi.accounts.models import AuditEntry
from kroi.catalogue.photos.store import Folder
from kroi.core import clock, sealing
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.leads import words as lead_words
from kroi.leads.files import store as papers
from kroi.leads.files.models import LeadFile
from kroi.leads.models import Person
from kroi.leads.people.models import PersonMerge
from kroi.leads.people.queries import named_in_merges
from kroi.leads.privacy import queries
from kroi.leads.privacy.holdings import holdings
from kroi.leads.wishes import photos
from kroi.leads.wishes.models import WishPhoto
from kroi.web.place import LANGUAGES, Place, speaking

FORMAT = "kroi-person-1"
_OURS = frozenset({"dealership_id", "seal_key", "salt", "digest", "submission_key", "address_digest", "said"})
_STAFF = frozenset({"by_id", "done_by_id", "decided_by_id", "undone_by_id", "pinned_by_id"})
_MOST_SIZE = max(photos.SIZES)


def write_archive(person_id: int, file: IO[bytes]) -> None:
    """Write the ZIP about somebody and whoever was merged with them; raises NotFound."""
    people = queries.list_group(person_id)
    lead_ids = queries.list_lead_ids(people)
    rows = _rows([each.id for each in people], lead_ids)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = [_add(archive, *each) for each in _files(rows)]
        data = _data(people, rows, listed)
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2, sort_keys=False))
        archive.writestr("index.html", _page(people, lead_ids, listed))


def _rows(person_ids: Sequence[int], lead_ids: Sequence[int]) -> dict[str, list[Any]]:
    """All rows by table, parents first."""
    held = {each.name: each for each in reversed(holdings(person_ids, lead_ids))}
    rows = {
        name: list(session.scalars(select(each.model).where(each.rows).order_by(each.model.id)))
        for name, each in held.items()
    }
    merges = select(PersonMerge).where(named_in_merges(person_ids)).order_by(PersonMerge.id)
    rows["person_merges"] = list(session.scalars(merges))
    return rows


def _data(people: Sequence[Person], rows: dict[str, list[Any]], listed: list[dict[str, Any]]) -> dict[str, Any]:
    profile = dealerships.get_profile(current_dealership_id())
    return {
        "format": FORMAT,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "held_by": {"name": profile.name, "email": profile.email, "phone": profile.phone},
        "files": listed,
        "tables": {name: [_plain(row) for row in some] for name, some in rows.items()},
        "audit": [_entry(entry, key) for entry, key in _audit(people)],
    }


def _plain(row: Any) -> dict[str, Any]:
    columns = [column for column in row.__mapper__.column_attrs if _is_theirs(column.columns[0])]
    return {column.key: _value(getattr(row, column.key)) for column in columns}


def _is_theirs(column: Any) -> bool:
    """Not our secrets, and not who of the staff it was."""
    to_staff = any(key.column.table.name == "users" for key in column.foreign_keys)
    return column.name not in _OURS | _STAFF and not to_staff


def _value(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _audit(people: Sequence[Person]) -> Iterator[tuple[AuditEntry, str]]:
    keys = {each.id: each.seal_key for each in people}
    query = select(AuditEntry).where(AuditEntry.person_id.in_(keys)).order_by(AuditEntry.number)
    for entry in session.scalars(query):
        yield entry, keys[entry.person_id or 0]


def _entry(entry: AuditEntry, key: str) -> dict[str, Any]:
    opened = sealing.unseal(key, entry.sealed) if entry.sealed else None
    return {
        "at": entry.at.isoformat(),
        "action": entry.action,
        "about": [entry.subject_kind, entry.subject_id],
        "details": entry.details,
        "personal": json.loads(opened) if opened else None,
    }


def _files(rows: dict[str, list[Any]]) -> Iterator[tuple[int, str, Folder, str]]:
    """Lead, name in the archive, store and name in the store of each file and photo."""
    for file in rows.get(LeadFile.__tablename__, []):
        yield (
            file.lead_id,
            f"files/{file.id}-{file.name}",
            papers.here(),
            papers.file_name(file.digest, file.kind.value),
        )
    for photo in rows.get(WishPhoto.__tablename__, []):
        yield photo.lead_id, f"photos/{photo.id}.webp", photos.here(), photos.file_name(photo.digest, _MOST_SIZE)


def _add(archive: zipfile.ZipFile, lead_id: int, name: str, store: Folder, stored: str) -> dict[str, Any]:
    content = store.find(current_dealership_id(), stored)
    if content is not None:
        archive.writestr(name, content, zipfile.ZIP_STORED)
    return {"name": name, "lead": lead_id, "bytes": len(content) if content is not None else None}


def _page(people: Sequence[Person], lead_ids: Sequence[int], listed: list[dict[str, Any]]) -> str:
    """The same to read, in the language that they asked in last."""
    profile = dealerships.get_profile(current_dealership_id())
    stories = queries.list_stories(lead_ids)
    asked_in = stories[0].lead.language if stories else profile.language
    language = asked_in if asked_in in LANGUAGES else profile.language
    template = current_app.jinja_env.get_template("leads/privacy/archive.html")
    with speaking(Place(language, profile.language, profile.currency, profile.zone)):
        return template.render(
            language=language,
            dealership=profile,
            people=people,
            stories=stories,
            files={lead_id: [each for each in listed if each["lead"] == lead_id] for lead_id in lead_ids},
            words=lead_words,
            made_at=clock.now(),
        )
