"""What rooms below ask leads before they change something."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from kroi.catalogue.imports.events import UndoBegins
from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus

_BATCH = 5_000  # cars asked about in one query


def keep_cars_asked_about(event: UndoBegins) -> None:
    """An import that is taken back leaves the cars that somebody asked about since."""
    for car_ids in _batches(event.car_ids):
        asked = select(Lead.car_id).where(
            Lead.car_id.in_(car_ids), Lead.received_at >= event.since, Lead.status != LeadStatus.SPAM
        )
        for car_id in session.scalars(asked.distinct()):
            if car_id is not None:
                event.keep[car_id] = _("somebody asked about it")


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
