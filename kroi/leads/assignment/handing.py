"""The one place where a lead changes hands: history, audit, the count of hand-overs, and who is told."""

from collections.abc import Mapping

from sqlalchemy import update

from kroi.accounts import audit
from kroi.core import clock, events
from kroi.db.model import session
from kroi.leads.assignment.models import HandOver, RoundLead
from kroi.leads.assignment.rules.reasons import Code, How
from kroi.leads.events import LeadAssigned
from kroi.leads.models import Activity, ActivityKind, Lead

_AUDITED = ("before", "after", "how", "code")


def hand(
    lead: Lead,
    user_id: int | None,
    how: How,
    *,
    code: Code | None = None,
    facts: Mapping[str, object] | None = None,
    why: str | None = None,
) -> None:
    """Give a lead to a user (id), or to nobody, and say why; to whom it is already changes nothing.

    The caller has locked the lead and asked who may. Whatever timer ran for whoever had it ends.
    """
    before = lead.assignee_id
    if before == user_id:
        return
    lead.assignee_id = user_id
    _stop_timer(lead.id)
    said = {"before": before, "after": user_id, "how": how.value} | _coded(code) | dict(facts or {})
    remember(lead, said, why)
    session.add(HandOver(lead_id=lead.id, at=clock.now(), how=how, code=code, before_id=before, after_id=user_id))
    session.flush()
    if user_id is not None:
        events.publish(LeadAssigned(lead.id, user_id))


def remember(lead: Lead, facts: dict[str, object], why: str | None = None) -> None:
    """Write a line about whose lead it is into history and audit. `facts` are codes and ids."""
    session.add(
        Activity(
            lead_id=lead.id,
            kind=ActivityKind.ASSIGNMENT,
            at=clock.now(),
            by_id=audit.actor_id(),
            text=why,
            facts=facts,
        )
    )
    session.flush()
    details = {name: value for name, value in facts.items() if name in _AUDITED}
    audit.record("lead.assigned", "lead", lead.id, details=details, person_id=lead.person_id)


def _stop_timer(lead_id: int) -> None:
    over = {"holder_id": None, "due_at": None, "waits_since": None}
    session.execute(update(RoundLead).where(RoundLead.lead_id == lead_id).values(over))


def _coded(code: Code | None) -> dict[str, object]:
    return {"code": code.value} if code else {}
