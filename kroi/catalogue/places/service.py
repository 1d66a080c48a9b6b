"""Putting cars where they stand."""

from collections.abc import Iterable

from sqlalchemy import delete, or_

from kroi.catalogue.places.models import CarLocation
from kroi.db.model import session


def stand(car_ids: Iterable[int], location_id: int) -> None:
    """These cars stand at a location and no others do: those that did stand at the main one."""
    found = sorted(set(car_ids))
    _forget(found, location_id)
    session.add_all(CarLocation(car_id=car_id, location_id=location_id) for car_id in found)


def move(car_id: int, location_id: int | None) -> None:
    """This car stands at a location; `None` is the main one."""
    session.execute(delete(CarLocation).where(CarLocation.car_id == car_id))
    if location_id is not None:
        session.add(CarLocation(car_id=car_id, location_id=location_id))
    session.flush()


def _forget(car_ids: list[int], location_id: int) -> None:
    gone = or_(CarLocation.car_id.in_(car_ids), CarLocation.location_id == location_id)
    session.execute(delete(CarLocation).where(gone).execution_options(synchronize_session=False))
