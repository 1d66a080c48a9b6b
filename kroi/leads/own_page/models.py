"""The keys of shoppers' own pages, and who asked to be erased."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kroi.db.model import Key, Model, Owned, owned_key, owned_table
from kroi.leads.models import Lead


class OwnPage(Owned, Model):
    """The key to one lead's page. The key itself is not stored: `salt` and our secret make it, `digest` finds it."""

    __tablename__ = "own_pages"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        UniqueConstraint("dealership_id", "lead_id"),
        UniqueConstraint("dealership_id", "digest"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    salt: Mapped[str]
    digest: Mapped[str]
    expires_at: Mapped[datetime]


class ErasureRequest(Owned, Model):
    """Somebody wants to be erased; `done_at` when it was seen to."""

    __tablename__ = "erasure_requests"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        UniqueConstraint("dealership_id", "lead_id"),
        Index(None, "dealership_id", "done_at"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    lead: Mapped[Lead] = relationship(lazy="raise", viewonly=True)
