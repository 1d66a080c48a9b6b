"""Reads of the locations beside the main one."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.dealerships.locations.models import Location


def list_all() -> list[Location]:
    """Every location, by name."""
    return list(session.scalars(select(Location).order_by(Location.name, Location.id)))


def list_some(location_ids: Collection[int]) -> list[Location]:
    """These locations."""
    return list(session.scalars(select(Location).where(Location.id.in_(location_ids)))) if location_ids else []


def lock(location_id: int) -> Location:
    """A location, held for a change; raises NotFound."""
    query = select(Location).where(Location.id == location_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such location."))
    return found
