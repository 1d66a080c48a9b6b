"""What the inbox remembers: views that somebody saved, and what a change of many leads was, to undo it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class SavedView(Owned, Model):
    """One person's own filter with a name. Words that were searched for are not kept: they may be somebody's name."""

    __tablename__ = "saved_views"
    __table_args__ = owned_table(owned_key("user_id", to="users"), UniqueConstraint("dealership_id", "user_id", "name"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    filter: Mapped[dict[str, Any]]
    """Parameters of the inbox's address."""
    created_at: Mapped[datetime]


class BulkChange(Owned, Model):
    """What was done to many leads in one go: for each lead the columns that changed, before and after; codes only."""

    __tablename__ = "bulk_changes"
    __table_args__ = owned_table(owned_key("user_id", to="users"), Index(None, "dealership_id", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    changes: Mapped[list[dict[str, Any]]]
    """[{"lead": id, "before": {column: value}, "after": {column: value}}]"""
    refused: Mapped[list[dict[str, Any]]]
    """[{"lead": id, "why": sentence}]"""
