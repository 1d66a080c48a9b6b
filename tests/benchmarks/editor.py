"""Somebody at the dealership who changes cars while shoppers look, by Kroi's own verbs, in this process."""

import re
from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from kroi.catalogue import service
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.core.config import Settings
from kroi.db.model import db, session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app

_NEWEST = 10  # cars at the head of the list, of which one is edited


@dataclass(frozen=True)
class Edit:
    """What the page at `path` must show from now on, or nowhere any more: `gone`. `car` is the car's own page."""

    car: str
    path: str
    shown: str = ""
    gone: str = ""

    def is_shown(self, page: str) -> bool:
        """Does the page know?"""
        return self.shown in page and not (self.gone and re.search(rf"{re.escape(self.gone)}\b", page))


class Editor:
    """Edits cars of the database of these settings."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._app, self._random, self._edits = create_app(settings), Random(seed), 0
        with self._app.app_context():
            self._shop = dealerships.get_only_or_by_host(None).id
            session.remove()

    def edit(self) -> Edit:
        """The next edit, committed: in turn a new price, and a car that is withdrawn."""
        self._edits += 1
        with self._app.app_context(), acting_for(self._shop):
            with transaction():
                car = self._newest()
                made = self._price(car) if self._edits % 2 else self._withdraw(car)
            session.remove()
        return made

    def close(self) -> None:
        """No more edits."""
        with self._app.app_context():
            db.engine.dispose()

    def _newest(self) -> Car:
        newest = select(Car).where(Car.status == CarStatus.AVAILABLE).order_by(Car.listed_at.desc(), Car.id.desc())
        return self._random.choice(session.scalars(newest.limit(_NEWEST)).all())

    def _price(self, car: Car) -> Edit:
        euros = car.price_cents // 100 + 1_111
        service.put_price(car, euros * 100)
        return Edit(f"/cars/{car.slug}", f"/cars/{car.slug}", shown=f"€{euros:,}")

    def _withdraw(self, car: Car) -> Edit:
        service.change_status(car, CarStatus.WITHDRAWN)
        return Edit(f"/cars/{car.slug}", "/cars/", gone=f"/cars/{car.slug}")
