"""Links that were handed out; what they say stands in no row."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from kroi.accounts.tickets.rules import TicketKind
from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class Ticket(Owned, Model):
    """One link. Its secret is made of `nonce` and the installation's key, and stored only as a digest.

    Without `user_id` somebody asked for an address that nobody signs in with: the row is there because there is one
    for everybody else. A link to another address keeps that in `email`, and once it was followed the one before.
    """

    __tablename__ = "tickets"
    __table_args__ = owned_table(
        owned_key("user_id", to="users"),
        Index(None, "dealership_id", "digest", unique=True),
        Index(None, "dealership_id", "user_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[TicketKind]
    nonce: Mapped[str]
    digest: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    email: Mapped[str | None]
    email_before: Mapped[str | None]
