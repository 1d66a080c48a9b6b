"""Keeping papers and pictures with a lead. Bytes are written before the transaction that names them."""

import io
import secrets
from dataclasses import dataclass

from flask_babel import gettext as _

from kroi.accounts import audit
from kroi.catalogue.photos import images
from kroi.catalogue.photos.images import Unusable
from kroi.catalogue.photos.rules import Fault
from kroi.catalogue.photos.service import sentence
from kroi.core import clock
from kroi.core.errors import Invalid
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import after_commit
from kroi.leads.files import queries, rules
from kroi.leads.files.models import FileKind, LeadFile
from kroi.leads.files.store import file_name, here
from kroi.leads.history.service import audited, happened
from kroi.leads.models import ActivityKind, Lead

_JPEG_QUALITY = 86


@dataclass(frozen=True)
class Prepared:
    """A file that lies in the store, and belongs to no lead yet; `size` in bytes."""

    name: str
    kind: FileKind
    size: int
    digest: str


class Unkept(Exception):
    """This file cannot be kept; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def prepare(content: bytes, name: str) -> Prepared:
    """Judge a file by what it holds and store it; raises Invalid. Outside any transaction since it takes a while."""
    try:
        return judge(content, name, secrets.token_hex(16))
    except Unkept as error:
        raise Invalid(_sentence(error.fault, rules.is_pdf(content))) from error


def judge(content: bytes, name: str, digest: str) -> Prepared:
    """The same under a digest (32 hex digits) that nothing else has; raises Unkept."""
    kind = FileKind.PDF if rules.is_pdf(content) else FileKind.JPEG
    kept = _checked(content) if kind is FileKind.PDF else _drawn_anew(content)
    found = Prepared(rules.clean_name(name, kind.value), kind, len(kept), digest)
    here().write(current_dealership_id(), file_name(found.digest, kind.value), kept)
    return found


def add(lead: Lead, prepared: Prepared) -> LeadFile:
    """Keep a file with a lead; the caller has locked it. Raises Invalid when there are too many."""
    if queries.count(lead.id) >= rules.MOST_FILES:
        raise Invalid(_("A lead has %(most)s files at most.", most=rules.MOST_FILES))
    file = _store(lead, prepared)
    happened(lead, ActivityKind.FILE, {"file": file.id})
    audited("file.added", lead, {"file": file.id, "kind": file.kind.value})
    return file


def add_from_mail(lead: Lead, prepared: Prepared, mail_id: int) -> LeadFile | None:
    """Keep what hung on a mail (id); its line of the timeline names it. `None` when the lead has too many files."""
    if queries.count(lead.id) >= rules.MOST_FILES:
        return None
    file = _store(lead, prepared)
    happened(lead, ActivityKind.FILE, {"file": file.id, "mail": mail_id})
    audited("file.added", lead, {"file": file.id, "kind": file.kind.value, "mail": mail_id})
    return file


def _store(lead: Lead, prepared: Prepared) -> LeadFile:
    file = LeadFile(
        lead_id=lead.id,
        name=prepared.name,
        kind=prepared.kind,
        size=prepared.size,
        digest=prepared.digest,
        at=clock.now(),
        by_id=audit.actor_id(),
    )
    session.add(file)
    session.flush()
    return file


def remove(lead: Lead, file: LeadFile) -> None:
    """Forget a file, and its bytes once that is stored."""
    happened(lead, ActivityKind.FILE, {"file": file.id, "removed": True})
    audited("file.removed", lead, {"file": file.id})
    dealership_id, name = current_dealership_id(), file_name(file.digest, file.kind.value)
    session.delete(file)
    after_commit(lambda: here().delete(dealership_id, name))


def discard(prepared: Prepared) -> None:
    """Delete the bytes of a file that no lead took."""
    here().delete(current_dealership_id(), file_name(prepared.digest, prepared.kind.value))


def read(file: LeadFile) -> bytes | None:
    """A file's bytes, or `None` when they are lost."""
    return here().find(current_dealership_id(), file_name(file.digest, file.kind.value))


def forget_left_behind() -> None:
    """Delete our dealership's files that no lead holds: whoever was to keep them died in between. A chore."""
    folder = here().root / str(current_dealership_id())
    old = clock.now().timestamp() - rules.LEFT_BEHIND.total_seconds()
    files = [path for path in folder.glob("paper-*") if path.stat().st_mtime < old] if folder.is_dir() else []
    known = queries.list_known([rules.digest_in(path.name) for path in files])
    for path in files:
        if rules.digest_in(path.name) not in known:
            path.unlink(missing_ok=True)


def _checked(content: bytes) -> bytes:
    if len(content) > rules.MOST_PDF:
        raise Unkept(Fault.TOO_HEAVY)
    return content


def _drawn_anew(content: bytes) -> bytes:
    """The picture and nothing else that stood in the file."""
    try:
        pixels = images.read(content).pixels
    except Unusable as error:
        raise Unkept(error.fault) from error
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return buffer.getvalue()


def _sentence(fault: Fault, is_pdf: bool) -> str:
    if is_pdf:
        return str(_("This PDF is larger than %(most)s MB.", most=rules.MOST_PDF // (1024 * 1024)))
    if fault is Fault.NOT_A_PHOTO:
        return str(_("Only PDF and pictures (JPEG, PNG, WebP, AVIF) can be kept here."))
    return sentence(fault)
