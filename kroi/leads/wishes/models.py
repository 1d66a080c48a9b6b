"""What an inquiry asked for beyond its words; every row hangs on its lead and goes with it."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table
from kroi.leads.rules import CallTime, Condition


class WishRow(Owned, Model):
    """One lead's wish. Money in cents, mileage in km."""

    __tablename__ = "wishes"
    __table_args__ = owned_table(owned_key("lead_id", to="leads"), UniqueConstraint("dealership_id", "lead_id"))

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    said: Mapped[str]
    """Digest of all of it, by which a resend is known."""
    slot_at: Mapped[datetime | None]
    make: Mapped[str]
    model: Mapped[str]
    year: Mapped[int | None]
    mileage_km: Mapped[int | None]
    plate: Mapped[str]
    condition: Mapped[Condition | None]
    down_cents: Mapped[int | None] = mapped_column(BigInteger)
    months: Mapped[int | None]
    call_time: Mapped[CallTime | None]
    looking_for: Mapped[str]
    most_cents: Mapped[int | None] = mapped_column(BigInteger)


class WishPhoto(Owned, Model):
    """A photo of the shopper's own car. Its pictures lie in the private store under `digest`."""

    __tablename__ = "wish_photos"
    __table_args__ = owned_table(owned_key("lead_id", to="leads"), Index(None, "dealership_id", "lead_id"))

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    position: Mapped[int]
