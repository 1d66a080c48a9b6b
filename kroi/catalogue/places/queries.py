"""Reads of where cars stand."""

from collections.abc import Sequence

from sqlalchemy import select

from kroi.catalogue.places.models import CarLocation
from kroi.db.model import session


def list_location_ids(car_ids: Sequence[int]) -> dict[int, int]:
    """The location of each of these cars; those that are not named stand at the main one."""
    if not car_ids:
        return {}
    query = select(CarLocation.car_id, CarLocation.location_id).where(CarLocation.car_id.in_(car_ids))
    return {row.car_id: row.location_id for row in session.execute(query)}
