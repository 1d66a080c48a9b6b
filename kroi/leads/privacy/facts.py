"""What the statistics still count of leads that are erased, and reads of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from kroi.core import clock
from kroi.db import bulk
from kroi.db.model import session
from kroi.leads.assignment.models import HandOver
from kroi.leads.history import queries as history
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.privacy.models import ErasedLead
from kroi.leads.privacy.rules import blurred
from kroi.leads.rules import LeadStatus


def keep(leads: Sequence[Lead]) -> None:
    """Write down what counts of these leads before they go. Of spam only its way through the hands counts."""
    ids = [lead.id for lead in leads]
    visited, won, hands = history.list_visited(ids), _won(ids), _hands(ids)
    counted = [lead for lead in leads if lead.status is not LeadStatus.SPAM or hands[lead.id]]
    bulk.insert_rows(
        ErasedLead, [_fact(lead, lead.id in visited, won.get(lead.id), hands[lead.id]) for lead in counted]
    )


def _fact(lead: Lead, visited: bool, won_at: datetime | None, hands: list[dict[str, Any]]) -> dict[str, Any]:
    now, answered_at, due = clock.now(), lead.first_answer_at, lead.answer_due_at
    return {
        "received_at": blurred(lead.received_at),
        "source": lead.source,
        "language": lead.language,
        "car_id": lead.car_id,
        "assignee_id": lead.assignee_id,
        "location_id": lead.location_id,
        "status": lead.status,
        "lost_reason": lead.lost_reason,
        "answered_seconds": lead.answered_seconds,
        "in_time": answered_at is not None and due is not None and answered_at <= due,
        "late": answered_at is None and due is not None and due < now,
        "visited": visited,
        "won_at": blurred(won_at) if won_at else None,
        "hands": hands,
        "erased_at": now,
    }


def _won(lead_ids: Sequence[int]) -> dict[int, datetime]:
    """When leads were last said to be won."""
    query = select(Activity.lead_id, Activity.at, Activity.facts).where(
        Activity.lead_id.in_(lead_ids), Activity.kind == ActivityKind.STATUS
    )
    rows = session.execute(query.order_by(Activity.at, Activity.id))
    return {lead_id: at for lead_id, at, facts in rows if facts.get("after") == LeadStatus.WON}


def _hands(lead_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in session.scalars(select(HandOver).where(HandOver.lead_id.in_(lead_ids)).order_by(HandOver.id)):
        hand = {"at": blurred(row.at).isoformat(), "how": row.how.value, "before": row.before_id, "after": row.after_id}
        found[row.lead_id].append(hand)
    return found
