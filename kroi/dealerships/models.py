"""The dealerships table: who they are, where, when they are open, and what their pages speak."""

from typing import Any

from sqlalchemy import Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Model, Timestamps

_EMPTY = text("'{}'")


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
    special_days: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=_EMPTY)
    """Days that differ: ISO date to intervals, none when it is closed: {"2026-12-06": []}."""
    response_targets: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=_EMPTY)
    """How soon a question is to be answered, as the leads keep it; what is not named is the usual."""
    locations: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'"))
    """Places beside the main one: id, name, street, postal_code, city, phone, and hours and special days like these."""
    usual_answer_seconds: Mapped[int | None] = mapped_column(Integer)
    """Opening time in which most of the last month's questions were answered; empty while nobody can say."""
    finance: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The terms on which cars are financed, as the catalogue keeps them; what is not named is the usual."""
    retention: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=_EMPTY)
    """For how long what people told us is kept, see `rules.retention`; what is not named is the usual."""
    quotas: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=_EMPTY)
    """How much it may have of what, see `rules.quotas`; what is not named is not limited."""
    other_hosts: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    """More names under which its pages are found; their own address is the one of `host`."""
    privacy_version: Mapped[str] = mapped_column(default="2026-11-22")
