"""Photos of imported cars: shown with the import, taken down with its undo."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from kroi.catalogue.imports.decisions import Decision
from kroi.catalogue.models import Car
from kroi.catalogue.photos import queries as photo_queries
from kroi.catalogue.photos import service as photos
from kroi.db.model import session


def show_photos(decisions: Sequence[Decision], added: Mapping[int, int], at: datetime) -> None:
    """Show the new photos of every car, in the order of the file."""
    wanted = [(added.get(each.number) or (each.known or {})["id"], each) for each in decisions if each.photos]
    cars = _cars([car_id for car_id, _ in wanted])
    for car_id, decision in wanted:
        for shown in decision.photos:
            photos.add_photo(cars[car_id], shown.photo, shown.alt, at=at)
    _date(cars, at)


def take_down(digests: Mapping[int, Sequence[str]], at: datetime) -> None:
    """Remove these photos from these cars."""
    cars = _cars(list(digests))
    for car_id, gone in digests.items():
        for photo in photo_queries.list_photos(car_id):
            if photo.digest in gone:
                photos.remove_photo(cars[car_id], photo.id)
    _date(cars, at)


def _cars(car_ids: Sequence[int]) -> dict[int, Car]:
    cars = select(Car).where(Car.id.in_(car_ids)).execution_options(populate_existing=True)
    return {car.id: car for car in session.scalars(cars)} if car_ids else {}


def _date(cars: Mapping[int, Car], at: datetime) -> None:
    """The cars changed with the import, and not later by somebody's hand: the undo tells the two apart."""
    for car in cars.values():
        car.updated_at = at
    session.flush()
