"""The dealerships table: who they are, where, when they are open, and what their pages speak."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Model, Timestamps


class Dealership(Timestamps, Model):
    """One business. `host` is the name its pages are found under; empty answers for any other name."""

    __tablename__ = "dealerships"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str]
    host: Mapped[str] = mapped_column(default="", unique=True)
    language: Mapped[str] = mapped_column(default="en")
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["en"])
    currency: Mapped[str] = mapped_column(default="EUR")
    time_zone: Mapped[str] = mapped_column(default="Europe/Helsinki")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="FI")
    opening_hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Weekday (0 is Monday) to intervals of local time: {"0": [["10:00", "18:00"]]}."""
    finance: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The terms on which cars are financed, as the catalogue keeps them; what is not named is the usual."""
    privacy_version: Mapped[str] = mapped_column(default="2026-11")
