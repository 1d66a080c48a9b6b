"""Reads of where cars stand."""

from collections.abc import Collection

from sqlalchemy import select

from kroi.catalogue.models import Car
from kroi.catalogue.places.models import CarLocation
from kroi.db.model import session


def find_location_id(car_id: int) -> int | None:
    """The location at which a car stands; `None` is the main one."""
    return session.scalar(select(CarLocation.location_id).where(CarLocation.car_id == car_id))


def list_stock_numbers(location_id: int) -> list[str]:
    """The stock numbers of the cars that stand at a location, in order."""
    query = select(Car.stock_number).join(CarLocation, CarLocation.car_id == Car.id)
    return list(session.scalars(query.where(CarLocation.location_id == location_id).order_by(Car.stock_number)))


def list_car_ids(stock_numbers: Collection[str]) -> dict[str, int]:
    """Cars (ids) by these stock numbers; those that are none are left out."""
    query = select(Car.stock_number, Car.id).where(Car.stock_number.in_(stock_numbers))
    return {row.stock_number: row.id for row in session.execute(query)} if stock_numbers else {}
