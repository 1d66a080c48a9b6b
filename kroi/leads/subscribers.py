"""What rooms below ask leads before they change something."""

from flask_babel import gettext as _
from sqlalchemy import select

from kroi.catalogue.imports.events import UndoBegins
from kroi.db.bulk import batches
from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus


def keep_cars_asked_about(event: UndoBegins) -> None:
    """An import that is taken back leaves the cars that somebody asked about since."""
    for car_ids in batches(event.car_ids):
        asked = select(Lead.car_id).where(
            Lead.car_id.in_(car_ids), Lead.received_at >= event.since, Lead.status != LeadStatus.SPAM
        )
        for car_id in session.scalars(asked.distinct()):
            if car_id is not None:
                event.keep[car_id] = _("somebody asked about it")
