"""Reads of what leads ask for beyond their words."""

from flask_babel import gettext as _
from sqlalchemy import select

from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.leads.wishes.models import WishPhoto, WishRow


def find(lead_id: int) -> WishRow | None:
    """The wish of a lead, if it has one."""
    return session.scalar(select(WishRow).where(WishRow.lead_id == lead_id))


def find_said(lead_id: int) -> str:
    """Digest of a lead's wish; empty when it has none."""
    return session.scalar(select(WishRow.said).where(WishRow.lead_id == lead_id)) or ""


def list_photos(lead_id: int) -> list[WishPhoto]:
    """The photos of the shopper's own car, in their order."""
    query = select(WishPhoto).where(WishPhoto.lead_id == lead_id).order_by(WishPhoto.position, WishPhoto.id)
    return list(session.scalars(query))


def get_photo(lead_id: int, photo_id: int) -> WishPhoto:
    """One of them; raises NotFound."""
    found = session.scalar(select(WishPhoto).where(WishPhoto.id == photo_id, WishPhoto.lead_id == lead_id))
    if found is None:
        raise NotFound(_("There is no such photo."))
    return found


def list_known(digests: list[str]) -> set[str]:
    """Which of these photos hang on a lead."""
    return set(session.scalars(select(WishPhoto.digest).where(WishPhoto.digest.in_(digests))))
