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


def prepare(content: bytes, name: str) -> Prepared:
    """Judge a file by what it holds and store it; raises Invalid. Outside any transaction since it takes a while."""
    kind = FileKind.PDF if rules.is_pdf(content) else FileKind.JPEG
    kept = _checked(content) if kind is FileKind.PDF else _drawn_anew(content)
    found = Prepared(rules.clean_name(name, kind.value), kind, len(kept), secrets.token_hex(16))
    here().write(current_dealership_id(), file_name(found.digest, kind.value), kept)
    return found


def add(lead: Lead, prepared: Prepared) -> LeadFile:
    """Keep a file with a lead; the caller has locked it. Raises Invalid when there are too many."""
    if queries.count(lead.id) >= rules.MOST_FILES:
        raise Invalid(_("A lead has %(most)s files at most.", most=rules.MOST_FILES))
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
    happened(lead, ActivityKind.FILE, {"file": file.id})
    audited("file.added", lead, {"file": file.id, "kind": file.kind.value})
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


def _checked(content: bytes) -> bytes:
    if len(content) > rules.MOST_PDF:
        raise Invalid(_("This PDF is larger than %(most)s MB.", most=rules.MOST_PDF // (1024 * 1024)))
    return content


def _drawn_anew(content: bytes) -> bytes:
    """The picture and nothing else that stood in the file."""
    try:
        pixels = images.read(content).pixels
    except Unusable as error:
        if error.fault is Fault.NOT_A_PHOTO:
            raise Invalid(_("Only PDF and pictures (JPEG, PNG, WebP, AVIF) can be kept here.")) from error
        raise Invalid(sentence(error.fault)) from error
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return buffer.getvalue()
