"""Authenticator apps, recovery codes, and which roles must have a second step."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class Authenticator(Owned, Model):
    """Somebody's authenticator app. It counts once `confirmed_at` says that it showed a right code.

    `last_step` is the 30-second step of the last code that was taken: no code is taken twice.
    """

    __tablename__ = "authenticators"
    __table_args__ = owned_table(owned_key("user_id", to="users"), UniqueConstraint("dealership_id", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    sealed_secret: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Owned, Model):
    """One of the codes for when the app is lost; only its digest, and it is deleted when it is used."""

    __tablename__ = "recovery_codes"
    __table_args__ = owned_table(owned_key("user_id", to="users"), Index(None, "dealership_id", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str]


class DoorRules(Owned, Model):
    """What a dealership asks of those who sign in: the roles that must have a second step."""

    __tablename__ = "door_rules"
    __table_args__ = owned_table(UniqueConstraint("dealership_id"))

    id: Mapped[Key]
    second_step_roles: Mapped[list[str]]
