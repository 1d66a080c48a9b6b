"""The outbox: messages to be sent, written in the transaction that causes them."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kroi.core import clock
from kroi.db.model import Key, Model, Owned, owned_key, owned_table

_WAITING = text("sent_at IS NULL AND dead_at IS NULL")


class OutboxKind(enum.StrEnum):
    """What a message says, and to whom."""

    NEW_LEAD = "new_lead"
    """To a member of staff, or with no user to the dealership's own address."""
    RECEIPT = "receipt"
    """To the shopper: we have your message."""


class Outbox(Owned, Model):
    """One message to one recipient. It holds references only: its words are made when it is sent.

    `claimed_until` says that a worker has it in hand; `dead_at` that we gave up. `last_error` is a code, never the
    words of a mail server, which repeat addresses.
    """

    __tablename__ = "outbox"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        owned_key("user_id", to="users"),
        Index("ix_outbox_waiting", "due_at", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index(None, "dealership_id", "lead_id"),
    )

    id: Mapped[Key]
    kind: Mapped[OutboxKind]
    lead_id: Mapped[int | None] = mapped_column(BigInteger)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
