"""What is left of an erasure: facts that count and name nobody, and what is still to be done outside the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from kroi.core import clock
from kroi.db.model import Key, Model, Owned, owned_table
from kroi.leads.privacy.rules import Why
from kroi.leads.rules import LeadStatus, LostReason, Source


class ErasedLead(Owned, Model):
    """What the statistics count of a lead that is gone. Moments are quarters of an hour.

    No name, word, address, reference or number of the lead; cars and staff stand here by their numbers.
    """

    __tablename__ = "erased_leads"
    __table_args__ = owned_table(
        Index(None, "dealership_id", "received_at"),
        Index(None, "dealership_id", "erased_at"),
    )

    id: Mapped[Key]
    received_at: Mapped[datetime]
    source: Mapped[Source]
    language: Mapped[str]
    car_id: Mapped[int | None] = mapped_column(BigInteger)
    assignee_id: Mapped[int | None] = mapped_column(BigInteger)
    location_id: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[LeadStatus]
    lost_reason: Mapped[LostReason | None]
    answered_seconds: Mapped[int | None] = mapped_column(Integer)
    """Opening time from receipt to the first answer of a person."""
    in_time: Mapped[bool]
    """Was that before it was due?"""
    late: Mapped[bool]
    """Was it due, and unanswered, when it was erased?"""
    visited: Mapped[bool]
    won_at: Mapped[datetime | None]
    """When it was last said to be won."""
    hands: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Whose hands it went through: [{"at", "how", "before", "after"}], for the fairness page."""
    erased_at: Mapped[datetime] = mapped_column(default=clock.now)


class Aftermath(Owned, Model):
    """One erasure's work outside the database: a line of the ledger, files. The row goes when all of it is done."""

    __tablename__ = "erasure_aftermaths"
    __table_args__ = owned_table()

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    why: Mapped[Why]
    people: Mapped[list[int]]
    leads: Mapped[list[int]]
    files: Mapped[list[str]]
    """Names in the private store."""
    noted_at: Mapped[datetime | None]
    """When the line was added to the ledger."""
