"""Writing down what happened to a lead: a line of its timeline, and an entry of the audit."""

from collections.abc import Mapping

from kroi.accounts import audit
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.models import Activity, ActivityKind, Lead


def happened(lead: Lead, kind: ActivityKind, facts: Mapping[str, object], text: str | None = None) -> Activity:
    """A new line of the timeline, by who acts now; `facts` are codes, never personal."""
    line = Activity(lead_id=lead.id, kind=kind, at=clock.now(), by_id=audit.actor_id(), text=text, facts=dict(facts))
    session.add(line)
    session.flush()
    return line


def audited(action: str, lead: Lead, details: Mapping[str, object]) -> None:
    """An entry of the audit about a lead; `details` hold nothing personal."""
    audit.record(action, "lead", lead.id, details=dict(details), person_id=lead.person_id)
