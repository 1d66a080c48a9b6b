"""Reads of who wants offers, and of when they took that back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select

from kroi.accounts.models import User
from kroi.db.model import session
from kroi.leads.models import Activity, ActivityKind, Lead


@dataclass(frozen=True)
class TakenBack:
    """When somebody took it back, and who of the staff wrote that down; nobody: they did it on their own page."""

    at: datetime
    by: str | None


@dataclass(frozen=True)
class Standing:
    """How it stands with a person: the newest inquiry in which they want offers, or when they last took it back."""

    wanted_in: Lead | None
    taken_back: TakenBack | None


def standing(person_id: int) -> Standing:
    """How it stands with a person."""
    row = session.execute(
        _consents()
        .where(Lead.person_id == person_id, or_(Lead.marketing, Activity.id.is_not(None)))
        .order_by(Lead.marketing.desc(), func.coalesce(Activity.at, Lead.received_at).desc(), Lead.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return Standing(None, None)
    lead, at, name = row
    return Standing(lead, None) if lead.marketing else Standing(None, TakenBack(at, name))


def find_taken_back(lead_id: int) -> TakenBack | None:
    """When it was taken back for this lead, if ever."""
    query = _consents().where(Lead.id == lead_id, Activity.id.is_not(None)).order_by(Activity.id.desc()).limit(1)
    row = session.execute(query).first()
    return TakenBack(row[1], row[2]) if row else None


def lock_wanting(person_id: int) -> list[Lead]:
    """A person's leads that say they want offers, held for a change until the transaction ends."""
    query = select(Lead).where(Lead.person_id == person_id, Lead.marketing).order_by(Lead.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _consents() -> Select[Lead, datetime, str]:
    """Leads, each with when and by whom it was taken back, if it was."""
    back = and_(Activity.lead_id == Lead.id, Activity.kind == ActivityKind.CONSENT)
    query = select(Lead, Activity.at, User.name).outerjoin(Activity, back)
    return query.outerjoin(User, User.id == Activity.by_id)
