"""What hangs on mails that came in: judged by content, kept with the lead, and where it is not, named with the reason.

Bytes are written before the transaction that names them, under a digest of mail and place: taken in again, a mail
writes the same file.
"""

import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kroi.leads.files import service as files
from kroi.leads.files.service import Prepared, Unkept
from kroi.leads.mail.models import Mail
from kroi.leads.mail.rules.reading import Attached, Read
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus

MOST_KEPT = 10  # of one mail


class Why(enum.StrEnum):
    """Why something was not kept, beside what is wrong with a picture."""

    CUT = "cut"
    DECORATION = "decoration"
    TOO_MANY = "too_many"
    SPAM = "spam"


@dataclass(frozen=True)
class Judged:
    """One file of a mail: it lies in the store, or there is a reason (a code) why it does not."""

    name: str
    size: int
    prepared: Prepared | None = None
    why: str = ""


@dataclass
class Hanging:
    """All files of a mail; `kept` are the digests that a lead has."""

    files: Sequence[Judged] = ()
    kept: set[str] = field(default_factory=set)


def prepare(mail: Read) -> Hanging:
    """Judge what hangs on a mail, and write what can be kept. Takes a while; outside any transaction."""
    judged: list[Judged] = []
    for place, each in enumerate(mail.files):
        room = sum(1 for one in judged if one.prepared) < MOST_KEPT
        judged.append(_judged(each, _digest(mail, place, each)) if room else _refused(each, Why.TOO_MANY))
    return Hanging(judged)


def keep(lead: Lead, row: Mail, hanging: Hanging) -> None:
    """Name in a mail that came in (stored already) what hung on it, and keep with its lead what can be kept."""
    hanging.kept.clear()
    row.files = [_named(lead, row, each, hanging) for each in hanging.files]


def discard_unkept(hanging: Hanging) -> None:
    """Delete what was written and belongs to no lead."""
    for each in hanging.files:
        if each.prepared and each.prepared.digest not in hanging.kept:
            files.discard(each.prepared)


def _judged(found: Attached, digest: str) -> Judged:
    if found.is_cut or found.is_decoration:
        return _refused(found, Why.CUT if found.is_cut else Why.DECORATION)
    try:
        return Judged(found.name, len(found.content), files.judge(found.content, found.name, digest))
    except Unkept as error:
        return _refused(found, error.fault)


def _refused(found: Attached, why: enum.StrEnum) -> Judged:
    return Judged(found.name, len(found.content), why=why.value)


def _digest(mail: Read, place: int, found: Attached) -> str:
    return hashlib.sha256(f"{mail.key()} {place} ".encode() + found.content).hexdigest()[:32]


def _named(lead: Lead, row: Mail, each: Judged, hanging: Hanging) -> dict[str, Any]:
    named: dict[str, Any] = {"name": each.name, "bytes": each.size}
    if each.prepared is None:
        return named | {"why": each.why}
    if lead.status is LeadStatus.SPAM:
        return named | {"why": Why.SPAM.value}
    file = files.add_from_mail(lead, each.prepared, row.id)
    if file is None:
        return named | {"why": Why.TOO_MANY.value}
    hanging.kept.add(each.prepared.digest)
    return named | {"file": file.id}
