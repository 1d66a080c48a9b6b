"""Reads of where cars stand."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, select, true

from kroi.catalogue.models import Car
from kroi.catalogue.places import rules
from kroi.catalogue.places.models import CarLocation
from kroi.catalogue.places.rules import Spots
from kroi.catalogue.rules.filters import Choice
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships

LOCATION_ID: ColumnElement[Any] = (
    select(CarLocation.location_id).where(CarLocation.car_id == Car.id).correlate(Car).scalar_subquery()
)
"""Of each car in a query its location's id, NULL at the main place."""


def get_spots() -> Spots:
    """The places of the dealership we act for, none while there is only the main one: from memory, no query."""
    profile = dealerships.get_profile(current_dealership_id())
    return rules.spots(profile.name, profile.locations)


def standing(choice: Choice) -> ColumnElement[bool]:
    """The condition that a car stands at one of the chosen places."""
    ids = get_spots().chosen(choice)
    among = _at_one(ids.any_of) if ids.any_of else true()
    return and_(among, not_(_at_one(ids.none_of))) if ids.none_of else among


def _at_one(ids: Sequence[str]) -> ColumnElement[bool]:
    """By the car's own row: so no number of cars at a place makes the database compare them all with each."""
    numbers = [int(each) for each in ids if each.isdecimal()]
    if not numbers:
        return false()
    here = select(CarLocation.id).where(CarLocation.car_id == Car.id, CarLocation.location_id.in_(numbers))
    return here.correlate(Car).exists()


def find_location_ids(car_ids: Collection[int]) -> dict[int, int]:
    """The locations of those of these cars that do not stand at the main one."""
    query = select(CarLocation.car_id, CarLocation.location_id).where(CarLocation.car_id.in_(car_ids))
    return {row.car_id: row.location_id for row in session.execute(query)} if car_ids else {}


def list_car_ids_at(location_id: int) -> list[int]:
    """The cars (ids) that stand at a location."""
    return list(session.scalars(select(CarLocation.car_id).where(CarLocation.location_id == location_id)))


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
