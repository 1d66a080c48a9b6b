"""Reads for the sitemap."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from kroi.catalogue.models import Car
from kroi.catalogue.rules import ON_SALE
from kroi.db.model import session

MOST = 49_000  # a sitemap holds 50,000 addresses at most; the newest cars matter most


def list_addresses() -> Sequence[tuple[str, datetime]]:
    """Slug and last change of every car on sale, the newest first."""
    query = select(Car.slug, Car.updated_at).where(Car.status.in_(ON_SALE))
    return [(slug, at) for slug, at in session.execute(query.order_by(Car.listed_at.desc(), Car.id.desc()).limit(MOST))]


def list_makes() -> Sequence[str]:
    """Slugs of the makes on sale."""
    query = select(Car.make_slug).where(Car.status.in_(ON_SALE)).distinct().order_by(Car.make_slug)
    return list(session.scalars(query))
