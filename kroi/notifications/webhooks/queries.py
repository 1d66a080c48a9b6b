"""Reads of webhooks."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.notifications.models import Webhook


def list_webhooks() -> list[Webhook]:
    """All of them, oldest first."""
    return list(session.scalars(select(Webhook).order_by(Webhook.id)))


def list_for(event: str) -> list[Webhook]:
    """Those that hear of this event."""
    return [each for each in session.scalars(select(Webhook).where(Webhook.active)) if event in each.events]


def lock(webhook_id: int) -> Webhook:
    """One of them, held for a change; raises NotFound."""
    query = select(Webhook).where(Webhook.id == webhook_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such webhook."))
    return found


def find_lead(lead_id: int | None) -> Lead | None:
    """The lead that an event is about."""
    return session.scalar(select(Lead).where(Lead.id == lead_id).options(joinedload(Lead.person)))
