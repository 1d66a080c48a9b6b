"""The demo's cars, lived through: written down, photographed, put on sale, cut in price, reserved, sold."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from functools import partial

from kroi.catalogue import service as catalogue
from kroi.catalogue.models import Car
from kroi.catalogue.photos import service as photos
from kroi.catalogue.photos.making import Prepared
from kroi.catalogue.rules import CarStatus
from kroi.db.model import session
from kroi.operations.demo.rules import BUYER, PICTURES, Calendar, DemoCar
from kroi.operations.demo.timeline import Step

Pictures = Mapping[str, Prepared]


def prepare_pictures(cars: list[DemoCar]) -> Pictures:
    """Make every picture that the cars show, side by side, before the transaction; the names say which is which."""
    names = sorted({name for car in cars for name in car.pictures})
    made = photos.prepare_many([PICTURES / f"{name}.jpg" for name in names])
    return {name: each for name, each in zip(names, made, strict=True) if isinstance(each, Prepared)}


def steps(cars: list[DemoCar], made: dict[str, int], pictures: Pictures, calendar: Calendar) -> Iterator[Step]:
    """What happens to the cars. `made` gets their ids by key, for those who ask about them."""
    for car in cars:
        yield from _Life(car, made, pictures, calendar).steps()


class _Life:
    """One car's way through the house."""

    def __init__(self, car: DemoCar, made: dict[str, int], pictures: Pictures, calendar: Calendar) -> None:
        self.car, self.made, self.pictures, self.calendar = car, made, pictures, calendar

    def steps(self) -> Iterator[Step]:
        """Everything that happens to it, each with its moment."""
        car, listed = self.car, self.car.listed(self.calendar)
        yield Step(listed, BUYER, self._write_down)
        if car.status is CarStatus.DRAFT:
            return
        yield Step(listed, BUYER, partial(self._move, CarStatus.AVAILABLE))
        for days, euros in car.prices[1:]:
            yield self._at(days, time(9, 30), partial(self._ask, euros))
        if car.days_reserved is not None:
            yield self._at(car.days_reserved, time(12), self._reserve, after=listed)
        if car.days_sold is not None:
            gone = CarStatus.WITHDRAWN if car.status is CarStatus.WITHDRAWN else CarStatus.SOLD
            yield self._at(car.days_sold, time(15, 20), partial(self._move, gone))
        if car.status is CarStatus.DELIVERED:
            yield self._at((car.days_sold or 0) - 3, time(16), partial(self._move, CarStatus.DELIVERED))

    def _at(self, days: int, at: time, do: Callable[[], object], after: datetime | None = None) -> Step:
        moment = self.calendar.on(days, at)
        return Step(max(moment, after) if after else moment, BUYER, do)

    def _car(self) -> Car:
        return session.get_one(Car, self.made[self.car.key])

    def _write_down(self) -> None:
        added = catalogue.add(self.car.facts(self.calendar), self.car.prices[0][1] * 100)
        self.made[self.car.key] = added.id
        for name in self.car.pictures:
            photos.add_photo(added, self.pictures[name], alt=self.car.alt(name))

    def _ask(self, euros: int) -> None:
        catalogue.put_price(self._car(), euros * 100)

    def _move(self, target: CarStatus) -> None:
        catalogue.change_status(self._car(), target)

    def _reserve(self) -> None:
        until = self.calendar.day(self.car.reserved_for_days)
        catalogue.change_status(self._car(), CarStatus.RESERVED, until=until)
