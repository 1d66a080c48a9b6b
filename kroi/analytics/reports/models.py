"""Counts of leads by the day they came (in the dealership's zone); a day is counted anew when one of them changes."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_table


class Dimension(enum.StrEnum):
    """By what a row counts."""

    SOURCE = "source"
    PERSON = "person"
    CAR = "car"


class DailyLeads(Owned, Model):
    """What has become of the leads (spam left out) of one day and one source, person of the staff, or car."""

    __tablename__ = "daily_leads"
    __table_args__ = owned_table(
        UniqueConstraint("dealership_id", "day", "dimension", "key"),
        Index(None, "dealership_id", "dimension", "key", "day"),
    )

    id: Mapped[Key]
    day: Mapped[date]
    dimension: Mapped[Dimension]
    key: Mapped[str]
    """A source's value, or the id of a user or car as text; empty: everything, nobody's, about no car."""
    leads: Mapped[int]
    clocked: Mapped[int]
    """Those that wait for an answer: walk-ins and calls do not."""
    answered: Mapped[int]
    in_time: Mapped[int]
    visited: Mapped[int]
    won: Mapped[int]
    lost: Mapped[int]
    answer_minutes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Minutes of opening time to the first answer (whole, begun ones left out) to how many took as long."""


class ReportMark(Owned, Model):
    """Up to when changes of leads are counted."""

    __tablename__ = "report_marks"
    __table_args__ = owned_table(UniqueConstraint("dealership_id"))

    id: Mapped[Key]
    counted_until: Mapped[datetime]
