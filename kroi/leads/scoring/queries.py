"""What a score is judged by, and what became of past ones, as the database knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from kroi.db.model import session
from kroi.leads.models import IS_OPEN, Lead, RuleSet
from kroi.leads.rules import OPEN, LeadStatus
from kroi.leads.scoring.models import LeadFacts, LearntModel, RuleDraft
from kroi.leads.scoring.rules import Facts

DECIDED = (LeadStatus.WON, LeadStatus.LOST)
MOST_HISTORY = 5_000  # of the newest decided leads that a page judges again


@dataclass(frozen=True)
class Decided:
    """A lead that was won or lost, by the facts it came with."""

    facts: Facts
    won: bool


@dataclass(frozen=True)
class Counts:
    """How many leads are won, and lost; how many of all still wait for their facts to be noted."""

    won: int
    lost: int
    without_facts: int

    @property
    def decided(self) -> int:
        """How many outcomes there are."""
        return self.won + self.lost


def find_rule_set() -> RuleSet | None:
    """The newest rules of this dealership, if any were stored yet."""
    return session.scalar(select(RuleSet).order_by(RuleSet.version.desc()).limit(1))


def list_rule_sets() -> list[RuleSet]:
    """The newest rules and those before them, newest first; at most fifty."""
    return list(session.scalars(select(RuleSet).order_by(RuleSet.version.desc()).limit(50)))


def find_draft() -> RuleDraft | None:
    """The rules being tried out, if somebody does."""
    return session.scalar(select(RuleDraft))


def find_used_model() -> LearntModel | None:
    """The learnt model that is switched on."""
    return session.scalar(select(LearntModel).where(LearntModel.used_since.is_not(None)))


def find_newest_model() -> LearntModel | None:
    """The learnt model of the last training."""
    return session.scalar(select(LearntModel).order_by(LearntModel.version.desc()).limit(1))


def find_model(version: int) -> LearntModel | None:
    """A learnt model by its version."""
    return session.scalar(select(LearntModel).where(LearntModel.version == version))


def last_version() -> int:
    """The newest version of rules and models together; 0 when there is none."""
    rules, models = (select(func.max(kind.version)).scalar_subquery() for kind in (RuleSet, LearntModel))
    found = session.execute(select(rules, models)).one()
    return max((version for version in found if version is not None), default=0)


def asked_since(person_id: int, since: datetime, *, but: int | None = None) -> bool:
    """Has this person asked since then, in another lead than `but`? What was put aside as spam does not count."""
    query = exists().where(Lead.person_id == person_id, Lead.received_at >= since, Lead.status != LeadStatus.SPAM)
    if but is not None:
        query = query.where(Lead.id != but)
    return bool(session.scalar(select(query)))


def asked_between(person_id: int, since: datetime, until: datetime, *, but: int) -> bool:
    """Did this person ask in that time in another lead than `but`, spam left out?"""
    query = exists().where(
        Lead.person_id == person_id,
        Lead.received_at >= since,
        Lead.received_at <= until,
        Lead.status != LeadStatus.SPAM,
        Lead.id != but,
    )
    return bool(session.scalar(select(query)))


def find_facts(lead_id: int) -> LeadFacts | None:
    """The facts kept with a lead."""
    query = select(LeadFacts).where(LeadFacts.lead_id == lead_id)
    return session.scalar(query.execution_options(populate_existing=True))


def list_without_facts(limit: int) -> list[Lead]:
    """Leads from before facts were kept, the oldest first."""
    query = select(Lead).where(~exists().where(LeadFacts.lead_id == Lead.id)).order_by(Lead.id).limit(limit)
    return list(session.scalars(query))


def list_decided(limit: int = MOST_HISTORY) -> list[Decided]:
    """The newest leads that were won or lost, the oldest of them first."""
    query = (
        select(LeadFacts.facts, Lead.status)
        .join(Lead, Lead.id == LeadFacts.lead_id)
        .where(Lead.status.in_(DECIDED))
        .order_by(Lead.received_at.desc(), Lead.id.desc())
        .limit(limit)
    )
    found: Sequence[Any] = session.execute(query).all()
    return [Decided(Facts.from_data(facts), status is LeadStatus.WON) for facts, status in reversed(found)]


def count_outcomes() -> Counts:
    """How many leads there are to judge again, and to learn from."""
    status = dict(session.execute(select(Lead.status, func.count()).group_by(Lead.status)).all())
    judged = session.scalar(select(func.count()).select_from(LeadFacts)) or 0  # one row a lead at most
    waiting = sum(status.values()) - judged
    return Counts(status.get(LeadStatus.WON, 0), status.get(LeadStatus.LOST, 0), waiting)


def lock_outdated(version: int, limit: int) -> list[Lead]:
    """Open leads that another version judged, held for a change."""
    query = (
        select(Lead)
        .where(Lead.status.in_(OPEN), Lead.score_version != version)
        .order_by(Lead.score.desc(), Lead.id)
        .limit(limit)
        .with_for_update(of=Lead, skip_locked=True)
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def lock_others_of(lead: Lead) -> list[Lead]:
    """The other open leads of the same person, held for a change."""
    query = (
        select(Lead)
        .where(Lead.person_id == lead.person_id, Lead.id != lead.id, Lead.status.in_(OPEN))
        .order_by(Lead.id)
        .limit(50)
        .with_for_update(of=Lead)
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def count_outdated(version: int) -> int:
    """How many open leads another version judged."""
    query = select(func.count()).select_from(Lead).where(IS_OPEN, Lead.score_version != version)
    return session.scalar(query) or 0
