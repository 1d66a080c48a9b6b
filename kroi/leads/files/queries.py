"""Reads of files; changes nothing."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from kroi.core.errors import NotFound
from kroi.db import bulk
from kroi.db.model import session
from kroi.leads.files.models import LeadFile

_AT_ONCE = 500


def count(lead_id: int) -> int:
    """How many files a lead has."""
    return session.scalar(select(func.count(LeadFile.id)).where(LeadFile.lead_id == lead_id)) or 0


def list_known(digests: Sequence[str]) -> set[str]:
    """Those of these digests whose file a lead holds."""
    queries = (select(LeadFile.digest).where(LeadFile.digest.in_(some)) for some in bulk.batches(digests, _AT_ONCE))
    return {found for query in queries for found in session.scalars(query)}


def get(file_id: int) -> LeadFile:
    """One file; raises NotFound."""
    found = session.scalar(select(LeadFile).where(LeadFile.id == file_id))
    if found is None:
        raise NotFound(_("There is no such file."))
    return found


def lock(lead_id: int, file_id: int) -> LeadFile:
    """A file of this lead, held for a change; raises NotFound."""
    query = select(LeadFile).where(LeadFile.id == file_id, LeadFile.lead_id == lead_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such file."))
    return found
