"""The table of locations beside the main one, which is the dealership's own row."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, Timestamps, owned_table


class Location(Owned, Timestamps, Model):
    """One place. Hours and days that differ are kept as the dealership's own are."""

    __tablename__ = "locations"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "name"))

    id: Mapped[Key]
    name: Mapped[str]
    street: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    opening_hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    special_days: Mapped[dict[str, Any]] = mapped_column(default=dict)
