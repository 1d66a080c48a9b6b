"""Putting cars where they stand. What changes is told to the pages and counts that show it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete

from kroi.cache import forget
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.places import queries
from kroi.catalogue.places.models import CarLocation
from kroi.core import events
from kroi.db import bulk
from kroi.db.model import session

_BATCH = 500  # keys in one statement


def stand(car_ids: Iterable[int], location_id: int) -> None:
    """These cars stand at a location and no others do: those that did stand at the main one."""
    wanted, here = set(car_ids), set(queries.list_car_ids_at(location_id))
    move_several(dict.fromkeys(here - wanted) | dict.fromkeys(wanted - here, location_id))


def move(car_id: int, location_id: int | None) -> None:
    """This car stands at a location; `None` is the main one."""
    move_several({car_id: location_id})


def move_several(wanted: Mapping[int, int | None]) -> None:
    """Each of these cars (ids) stands at its location; `None` is the main one."""
    if not wanted:
        return
    ids = sorted(wanted)
    for some in bulk.batches(ids, _BATCH):
        session.execute(delete(CarLocation).where(CarLocation.car_id.in_(some)))
    placed = [{"car_id": car_id, "location_id": at} for car_id in ids if (at := wanted[car_id]) is not None]
    bulk.insert_rows(CarLocation, placed)
    forget("cars")
    events.publish(CarsChanged(tuple(ids)))
