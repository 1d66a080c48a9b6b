"""The outbox: messages to be sent, written in the transaction that causes them; notices, and where events go."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kroi.core import clock
from kroi.db.model import Json, Key, Model, Owned, Timestamps, owned_key, owned_table
from kroi.notifications.rules import NoticeKind

_WAITING = text("sent_at IS NULL AND dead_at IS NULL")
_UNSENT, _SENT = text("sent_at IS NULL"), text("sent_at IS NOT NULL")
_UNREAD = text("read_at IS NULL")


class OutboxKind(enum.StrEnum):
    """What a message says, and to whom."""

    NEW_LEAD = "new_lead"
    """To a member of staff, or with no user to the dealership's own address."""
    RECEIPT = "receipt"
    """To the shopper: we have your message."""
    ANSWER = "answer"
    """To the shopper: what one of us wrote, `mail_id`."""
    VISIT = "visit"
    """To the shopper: what became of a visit that `facts` name, `event`, or that it is tomorrow."""
    NOTICE = "notice"
    """To a member of staff: something happened, `event`."""
    INVITE = "invite"
    """To a new member of staff: a link by which they choose their password."""
    RESET = "reset"
    """To a member of staff: the same, for another password."""
    EMAIL = "email"
    """To the new address of a member of staff: a link by which it counts."""
    EMAIL_CHANGED = "email_changed"
    """To an address that a member of staff had or has got: it was changed. `facts` name the link and whose it is."""
    WEBHOOK = "webhook"
    """To another program at `webhook_id`: `event` happened."""


class Outbox(Owned, Model):
    """One message to one recipient. It holds references only: its words are made when it is sent.

    `claimed_until` says that a worker has it in hand; `dead_at` that we gave up. `last_error` is a code, never the
    words of a mail server, which repeat addresses. `due_at` is not before.
    """

    __tablename__ = "outbox"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        owned_key("user_id", to="users"),
        owned_key("mail_id", to="mails"),
        owned_key("webhook_id", to="webhooks"),
        Index("ix_outbox_waiting", "due_at", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_outbox_unsent", "dealership_id", "due_at", postgresql_where=_UNSENT, sqlite_where=_UNSENT),
        Index("ix_outbox_sent", "dealership_id", "kind", "created_at", postgresql_where=_SENT, sqlite_where=_SENT),
        Index(None, "dealership_id", "lead_id"),
        Index(None, "dealership_id", "mail_id"),
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
    mail_id: Mapped[int | None] = mapped_column(BigInteger)
    webhook_id: Mapped[int | None] = mapped_column(BigInteger)
    event: Mapped[str | None]
    facts: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Codes and numbers that belong to `event`, never personal."""


class Notice(Owned, Model):
    """Something that a member of staff should see in the portal. `facts` are codes and numbers, never personal."""

    __tablename__ = "notices"
    __table_args__ = owned_table(
        owned_key("user_id", to="users"),
        owned_key("lead_id", to="leads"),
        Index("ix_notices_unread", "dealership_id", "user_id", postgresql_where=_UNREAD, sqlite_where=_UNREAD),
        Index(None, "dealership_id", "user_id", "at"),
        Index(None, "dealership_id", "lead_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[NoticeKind]
    lead_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class NoticeWishes(Owned, Model):
    """How one member of staff wants to hear of things; without a row, of everything by mail and in the portal.

    `quiet_from` and `quiet_until` are times on the dealership's clock, "22:00"; mails wait until the quiet is over.
    """

    __tablename__ = "notice_wishes"
    __table_args__ = owned_table(owned_key("user_id", to="users"), UniqueConstraint("dealership_id", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    ways: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """NoticeKind to Way."""
    quiet_from: Mapped[str | None]
    quiet_until: Mapped[str | None]


class Webhook(Owned, Timestamps, Model):
    """Another program's address that hears of events. Its secret is derived from `nonce` and stands nowhere."""

    __tablename__ = "webhooks"
    __table_args__ = owned_table()

    id: Mapped[Key]
    url: Mapped[str]
    events: Mapped[list[str]]
    personal: Mapped[bool] = mapped_column(default=False)
    """Do its messages carry name, address and number?"""
    active: Mapped[bool] = mapped_column(default=True)
    nonce: Mapped[str]
