"""Putting cars where they stand."""

from sqlalchemy import delete, select

from kroi.catalogue.places.models import CarLocation
from kroi.db.model import session


def put(car_id: int, location_id: int | None) -> None:
    """A car stands at this location now; `None` is the main one. The caller has locked the car."""
    row = session.scalar(select(CarLocation).where(CarLocation.car_id == car_id))
    if location_id is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(CarLocation(car_id=car_id, location_id=location_id))
    else:
        row.location_id = location_id


def empty(location_id: int) -> None:
    """Every car of a location stands at the main one from now on."""
    session.execute(delete(CarLocation).where(CarLocation.location_id == location_id))
