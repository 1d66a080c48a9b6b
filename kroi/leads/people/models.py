"""People who may be one, and merges that can be undone."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class PairState(enum.StrEnum):
    """What was said about two people who look like one."""

    OPEN = "open"
    DISMISSED = "dismissed"


class PersonPair(Owned, Model):
    """Two people who may be one. `one_id` is the smaller number; a dismissed pair is never suggested again."""

    __tablename__ = "person_pairs"
    __table_args__ = owned_table(
        owned_key("one_id", to="people"),
        owned_key("other_id", to="people"),
        UniqueConstraint("dealership_id", "one_id", "other_id"),
        Index(None, "dealership_id", "other_id"),
        Index(None, "dealership_id", "state", "id"),
    )

    id: Mapped[Key]
    one_id: Mapped[int] = mapped_column(BigInteger)
    other_id: Mapped[int] = mapped_column(BigInteger)
    reasons: Mapped[list[str]]
    """Codes, see `leads.people.rules.Reason`."""
    state: Mapped[PairState] = mapped_column(default=PairState.OPEN)
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)


class PersonMerge(Owned, Model):
    """Two people made one: numbers and column names only, nothing personal, enough to undo it exactly.

    The people stand here by their numbers, as in the audit: a merge outlives who is erased.
    """

    __tablename__ = "person_merges"
    __table_args__ = owned_table(
        Index(None, "dealership_id", "survivor_id"),
        Index(None, "dealership_id", "loser_id"),
    )

    id: Mapped[Key]
    survivor_id: Mapped[int] = mapped_column(BigInteger)
    loser_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    moved: Mapped[dict[str, Any]]
    """Numbers of the rows that moved, by table."""
    taken: Mapped[list[str]]
    """Columns that the survivor had empty and took over."""
    pairs: Mapped[list[int]]
    """Suggestions that were made for the survivor in the other's place."""
    search_at: Mapped[int] = mapped_column(Integer)
    """Where in the survivor's search text the other's begins."""
    survivor_updated_at: Mapped[datetime]
    loser_updated_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(BigInteger)
