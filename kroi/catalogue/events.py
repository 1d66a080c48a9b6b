"""What happened to cars that other rooms may care about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CarRelocated:
    """A car (id) stands at another of our locations: other opening hours count for what is asked about it."""

    car_id: int


@dataclass(frozen=True)
class CarsChanged:
    """These cars (ids) were added, edited or moved; pages and counts that show them are out of date."""

    car_ids: tuple[int, ...]
