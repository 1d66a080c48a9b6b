"""Reads of photos."""

from sqlalchemy import func, select

from kroi.catalogue.models import Photo
from kroi.db.model import session


def list_photos(car_id: int) -> list[Photo]:
    """The car's photos in their order."""
    return list(session.scalars(select(Photo).where(Photo.car_id == car_id).order_by(Photo.position, Photo.id)))


def count_uses(digest: str) -> int:
    """How many cars show the photo with this content."""
    return session.scalar(select(func.count()).select_from(Photo).where(Photo.digest == digest)) or 0
