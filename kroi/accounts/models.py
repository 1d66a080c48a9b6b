"""Staff, their sessions, what was tried at the door, and the audit chain."""

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kroi.db.model import Key, Model, Owned, Timestamps, owned_key, owned_table


class Role(enum.StrEnum):
    """Who somebody is in the dealership."""

    SALES = "sales"
    MANAGER = "manager"
    OWNER = "owner"


class User(Owned, Timestamps, Model):
    """Somebody on the staff. `language` is the one their portal speaks.

    `temporary_until` says until when a password that somebody else made opens the door; `None` once it is their own.
    """

    __tablename__ = "users"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "email"))

    id: Mapped[Key]
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str]
    temporary_until: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(default="en")
    active: Mapped[bool] = mapped_column(default=True)

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Switched on?"""
        return self.active

    # Set by the loader, from the session in use; the cookie's secret is stored only as a digest.
    session_token = ""
    limited = False
    proven_at = datetime.min.replace(tzinfo=UTC)
    mark = tuple[object, ...]()

    def get_id(self) -> str:
        """What the cookie carries: the session's secret, never the user's number."""
        return self.session_token


class StaffSession(Owned, Model):
    """One sign-in on one device. Deleted means dead at the next request.

    `device` and `network` are for its owner to recognise it: "Firefox, Linux", "192.0.2.0/24". `proven_at` is when
    they last proved who they are. While `limited`, it opens only the page where the second step is set up.
    """

    __tablename__ = "staff_sessions"
    __table_args__ = owned_table(
        owned_key("user_id", to="users"), Index(None, "dealership_id", "token_digest", unique=True)
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    token_digest: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    device: Mapped[str | None]
    network: Mapped[str | None]
    proven_at: Mapped[datetime | None]
    limited: Mapped[bool] = mapped_column(default=False, server_default=false())
    user: Mapped[User] = relationship(lazy="raise")


class SignInAttempt(Owned, Model):
    """One knock, forgotten if it was the right one; address and account are digests: none is stored as typed."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = owned_table(
        Index(None, "dealership_id", "address_digest", "at"),
        Index(None, "dealership_id", "account_digest", "at"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    address_digest: Mapped[str]
    account_digest: Mapped[str]
    known_device: Mapped[bool] = mapped_column(default=False)


class AuditEntry(Owned, Model):
    """Who did what to which row; each entry holds the hash of the one before it."""

    __tablename__ = "audit_entries"
    __table_args__ = owned_table(
        UniqueConstraint("dealership_id", "number"),
        Index(None, "dealership_id", "subject_kind", "subject_id"),
        Index(None, "dealership_id", "actor_id", "number"),
        Index(None, "dealership_id", "action", "number"),
        Index(None, "dealership_id", "at"),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[dict[str, Any]]
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    sealed: Mapped[str | None]
    """Personal values, encrypted under the person's own key."""
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Owned, Model):
    """The end of a dealership's audit chain; locked while entries are added."""

    __tablename__ = "audit_heads"
    __table_args__ = owned_table(UniqueConstraint("dealership_id"))

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]
