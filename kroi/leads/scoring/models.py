"""What scores rest on: the facts kept with each lead, drafts of rules, and models learnt from outcomes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class LeadFacts(Owned, Model):
    """What was known about a lead when it came, so that it can be judged again; nothing personal but `pin_reason`."""

    __tablename__ = "lead_facts"
    __table_args__ = owned_table(owned_key("lead_id", to="leads"), UniqueConstraint("dealership_id", "lead_id"))

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    facts: Mapped[dict[str, Any]]
    """As they were when the lead came, for ever: what history is judged by."""
    later: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What became known since: the score of today rests on it, the lessons of the past do not."""
    pinned: Mapped[int | None]
    """The score that a person set by hand."""
    pin_reason: Mapped[str | None]
    pinned_by_id: Mapped[int | None] = mapped_column(BigInteger)
    pinned_at: Mapped[datetime | None]


class RuleDraft(Owned, Model):
    """Rules that somebody is trying out: one draft a dealership."""

    __tablename__ = "rule_drafts"
    __table_args__ = owned_table(UniqueConstraint("dealership_id"))

    id: Mapped[Key]
    based_on: Mapped[int]
    """The version that it changes."""
    points: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(BigInteger)


class LearntModel(Owned, Model):
    """A card learnt from decided leads, with how it did on those held out. Its version is of the rules' sequence."""

    __tablename__ = "learnt_models"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "version"))

    id: Mapped[Key]
    version: Mapped[int]
    card: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    rules_version: Mapped[int]
    """The rules that it was compared with."""
    decided: Mapped[int]
    """How many leads were decided when it was learnt."""
    made_at: Mapped[datetime]
    used_since: Mapped[datetime | None]
    """When somebody switched it on; at most one model is on."""
