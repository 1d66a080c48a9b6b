"""Mails of leads, the texts they begin with, and which messages of a mailbox were taken in."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.core import clock
from kroi.db.model import Key, Model, Owned, Timestamps, owned_key, owned_table


class Direction(enum.StrEnum):
    """Which way a mail went."""

    IN = "in"
    OUT = "out"


class Mail(Owned, Model):
    """One mail that a person of ours wrote, or that came in. All of it is personal, and goes with the lead.

    `message_id` is what mails call each other by; ours are signed, see `leads.mail.rules.threads`.
    """

    __tablename__ = "mails"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        Index(None, "dealership_id", "lead_id", "at"),
        Index(None, "dealership_id", "message_id"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    direction: Mapped[Direction]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    """Who of us wrote it; `None` for what came in."""
    address: Mapped[str]
    """Theirs: whom it went to, or who sent it."""
    subject: Mapped[str]
    text: Mapped[str]
    """What is shown; of what came in, without the quoted history."""
    whole: Mapped[str | None]
    """What came in with its quotations, where that is more than `text`."""
    files: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """What hung on it: [{"name": …, "bytes": …, "file": id of the lead's file, or "why" (code) it is none}]."""
    message_id: Mapped[str]
    answers: Mapped[str | None]
    """The message id that it answers."""
    leaves_at: Mapped[datetime | None]
    """Not before; a mail without it leaves at once."""
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    """Why it did not arrive: a code, never a mail server's words."""


class ReplyTemplate(Owned, Timestamps, Model):
    """A text to begin an answer with; what stands in braces is filled in for the lead at hand."""

    __tablename__ = "reply_templates"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "language", "name"))

    id: Mapped[Key]
    name: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]


class MailReceipt(Owned, Model):
    """A message of the mailbox that was taken in, so that it is taken in once. Digests and numbers only."""

    __tablename__ = "mail_receipts"
    __table_args__ = owned_table(
        UniqueConstraint("dealership_id", "mailbox", "validity", "uid"),
        UniqueConstraint("dealership_id", "message_key"),
    )

    id: Mapped[Key]
    mailbox: Mapped[str]
    """Digest of the mailbox's address."""
    validity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    message_key: Mapped[str]
    """Digest of the message id and its sender."""
    outcome: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
