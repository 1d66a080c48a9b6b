"""The round's tables: its settings, who takes part, when they are away, its leads, and every change of hands."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table
from kroi.leads.assignment.rules.reasons import Code, How


class Round(Owned, Model):
    """A dealership's round: whether it gives leads, and by which numbers. No row: it is off."""

    __tablename__ = "rounds"
    __table_args__ = owned_table(UniqueConstraint("dealership_id"))

    id: Mapped[Key]
    is_on: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int] = mapped_column(default=30)
    """Business minutes in which something has to happen, or a lead goes on to the next."""
    most_hands: Mapped[int] = mapped_column(default=3)
    """How often the round gives the same lead to somebody before it waits in the pool."""
    most_turns: Mapped[int] = mapped_column(default=3)
    """How many turns may be caught up at most."""
    most_unanswered: Mapped[int | None]
    """Unanswered leads that the round may fill somebody's hands up to at once; `None`: as many as come."""
    turns: Mapped[int] = mapped_column(BigInteger, default=0)
    """How many leads the round has given so far: the number of the last turn."""


class RoundMember(Owned, Model):
    """What somebody's part in the round is. No row: sales take part in the house's hours, others do not."""

    __tablename__ = "round_members"
    __table_args__ = owned_table(owned_key("user_id", to="users"), UniqueConstraint("dealership_id", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    takes_part: Mapped[bool]
    cap: Mapped[int]
    """Open leads that the round may fill their hands up to."""
    languages: Mapped[list[str]]
    own_hours: Mapped[bool] = mapped_column(default=False)
    """Do they have hours of their own, or those in which the house is open?"""
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Like a dealership's opening hours: {"0": [["09:00", "17:00"]]}."""
    owed: Mapped[int] = mapped_column(BigInteger, default=0)
    """What the round owes them, in parts of a turn, see `rules.turns`."""
    last_turn: Mapped[int] = mapped_column(BigInteger, default=0)


class Absence(Owned, Model):
    """Somebody is away, from a moment until before another. Nobody asks why."""

    __tablename__ = "absences"
    __table_args__ = owned_table(owned_key("user_id", to="users"), Index(None, "dealership_id", "ends_at"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class RoundLead(Owned, Model):
    """How a lead stands in the round: with whom and until when, or waiting, or (neither) no longer the round's."""

    __tablename__ = "round_leads"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        owned_key("holder_id", to="users"),
        UniqueConstraint("dealership_id", "lead_id"),
        Index(None, "dealership_id", "due_at"),
        Index(None, "dealership_id", "waits_since"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    hands: Mapped[int] = mapped_column(default=0)
    """How often the round has given it to somebody."""
    holder_id: Mapped[int | None] = mapped_column(BigInteger)
    given_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """When it goes on, unless something happens."""
    waits_since: Mapped[datetime | None]
    """Since when it has waited for somebody to be there."""


class HandOver(Owned, Model):
    """A lead changed hands: what the fairness page counts. The story itself stands in the lead's history."""

    __tablename__ = "hand_overs"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        owned_key("before_id", to="users"),
        owned_key("after_id", to="users"),
        Index(None, "dealership_id", "lead_id"),
        Index("ix_hand_overs_counted", "dealership_id", "at", "how", "before_id", "after_id"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    how: Mapped[How]
    code: Mapped[Code | None]
    before_id: Mapped[int | None] = mapped_column(BigInteger)
    after_id: Mapped[int | None] = mapped_column(BigInteger)


class RoundDay(Owned, Model):
    """One person's day in the round: how many leads it gave, how many of them to this person, and why not the rest."""

    __tablename__ = "round_days"
    __table_args__ = owned_table(owned_key("user_id", to="users"), UniqueConstraint("dealership_id", "day", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    given: Mapped[int] = mapped_column(default=0)
    off_shift: Mapped[int] = mapped_column(default=0)
    away: Mapped[int] = mapped_column(default=0)
    full: Mapped[int] = mapped_column(default=0)
    language: Mapped[int] = mapped_column(default=0)
    had_it: Mapped[int] = mapped_column(default=0)
    unanswered: Mapped[int] = mapped_column(default=0)
    later: Mapped[int] = mapped_column(default=0)
