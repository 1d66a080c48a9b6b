"""What a score is judged by, as the database knows it."""

from datetime import datetime

from sqlalchemy import exists, select

from kroi.db.model import session
from kroi.leads.models import Lead, RuleSet
from kroi.leads.rules import LeadStatus


def find_rule_set() -> RuleSet | None:
    """The newest rules of this dealership, if any were stored yet."""
    return session.scalar(select(RuleSet).order_by(RuleSet.version.desc()).limit(1))


def asked_since(person_id: int, since: datetime) -> bool:
    """Has this person asked since then? What was put aside as spam does not count."""
    earlier = exists().where(Lead.person_id == person_id, Lead.received_at >= since, Lead.status != LeadStatus.SPAM)
    return bool(session.scalar(select(earlier)))
