"""Passkeys, and the questions that a passkey was asked."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class Purpose(enum.StrEnum):
    """What a passkey is asked for."""

    REGISTER = "register"
    SIGN_IN = "sign_in"


class Passkey(Owned, Model):
    """One key of somebody. `sign_count` is what the key said last; keys that are shared between devices say 0."""

    __tablename__ = "passkeys"
    __table_args__ = owned_table(
        owned_key("user_id", to="users"),
        Index(None, "dealership_id", "credential_id", unique=True),
        Index(None, "dealership_id", "user_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    credential_id: Mapped[str]
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasskeyChallenge(Owned, Model):
    """A question that waits for its answer; deleted when it is answered, so that none is answered twice."""

    __tablename__ = "passkey_challenges"
    __table_args__ = owned_table(owned_key("user_id", to="users"), Index(None, "dealership_id", "digest", unique=True))

    id: Mapped[Key]
    purpose: Mapped[Purpose]
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str]
    expires_at: Mapped[datetime]
