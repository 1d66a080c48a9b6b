"""Reads of files; changes nothing."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.leads.files.models import LeadFile


def count(lead_id: int) -> int:
    """How many files a lead has."""
    return session.scalar(select(func.count(LeadFile.id)).where(LeadFile.lead_id == lead_id)) or 0


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
