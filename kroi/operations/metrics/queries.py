"""What is counted in the database when somebody asks."""

from sqlalchemy import func, select

from kroi.db.model import session
from kroi.db.tenancy import across_dealerships
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus


def count_leads() -> dict[str, int]:
    """The leads of all dealerships by status, each status named."""
    with across_dealerships():
        found = session.execute(select(Lead.status, func.count()).group_by(Lead.status)).all()
    counted = {status.value: number for status, number in found}
    return {status.value: counted.get(status.value, 0) for status in LeadStatus}
