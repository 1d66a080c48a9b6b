"""A file of a lead."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class FileKind(enum.StrEnum):
    """What a file is, by its content; pictures are made anew, so they are all JPEG."""

    PDF = "pdf"
    JPEG = "jpg"


class LeadFile(Owned, Model):
    """One paper or picture. Its bytes lie in the private store under `digest` and `kind`."""

    __tablename__ = "lead_files"
    __table_args__ = owned_table(owned_key("lead_id", to="leads"), Index(None, "dealership_id", "lead_id"))

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    """As it was called where it came from."""
    kind: Mapped[FileKind]
    size: Mapped[int]
    """Bytes."""
    digest: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInteger)
