"""What the numbered changes of the catalogue promise to whoever keeps something in memory."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from kroi.catalogue import service
from kroi.catalogue.changes import service as changes
from kroi.catalogue.changes import watch
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.models import CatalogueChange, Photo
from kroi.catalogue.rules import CarStatus
from kroi.core import clock, events
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.makers import make_car, stored


def test_every_commit_that_changes_a_car_is_one_version(app: Flask) -> None:
    assert watch.version() == 0
    first, second = make_car(), make_car()
    known = watch.version()
    assert known > 0
    with transaction():
        service.put_price(first, 9_900_00)
        service.put_price(second, 8_900_00)
    assert watch.version() == known + 1
    assert watch.since(known) == frozenset({first.id, second.id})
    assert watch.since(known + 1) == frozenset()


def test_a_car_written_without_any_verb_is_seen_too(app: Flask) -> None:
    car = make_car()
    known = watch.version()
    with transaction():
        car.status = CarStatus.SOLD
    stored(Photo(car_id=car.id, digest="0" * 32, width=4, height=3, position=1))
    assert watch.version() == known + 2
    assert watch.since(known) == frozenset({car.id})


def test_what_is_undone_changes_nothing(app: Flask) -> None:
    car = make_car()
    known = watch.version()
    with pytest.raises(ZeroDivisionError), transaction():
        service.put_price(car, 1_00)
        raise ZeroDivisionError
    assert watch.look() == known
    with transaction():
        service.put_price(car, 2_00)
    assert watch.since(known) == frozenset({car.id})


def test_many_cars_at_once_say_everything(app: Flask) -> None:
    make_car()
    known = watch.version()
    with transaction():
        events.publish(CarsChanged(tuple(range(1, changes.MOST_NAMED + 2))))
    assert watch.version() == known + 1
    assert watch.since(known) is None


def test_who_slept_too_long_takes_everything_anew(app: Flask) -> None:
    make_car()
    with time_machine.travel(clock.now() + 2 * changes.KEPT):
        make_car()
        known, newest = watch.version(), make_car().id
        with transaction():
            changes.forget_old()
        assert watch.since(0) is None
        assert watch.since(known) == frozenset({newest})
        now = watch.version()
    with time_machine.travel(clock.now() + timedelta(days=2)), transaction():
        changes.forget_old()
    assert session.query(CatalogueChange).count() == 1
    assert watch.look() == now


def test_where_nothing_has_changed_yet_there_is_nothing_to_forget(app: Flask) -> None:
    with transaction():
        changes.forget_old()
    assert session.query(CatalogueChange).count() == 0


def test_a_database_that_went_back_in_time_is_taken_anew(app: Flask) -> None:
    make_car()
    assert watch.since(70) is None


def test_another_dealership_counts_for_itself(app: Flask, there: Dealership) -> None:
    make_car()
    there_id = there.id
    with acting_for(there_id):
        assert watch.version() == 0
        theirs = make_car()
        assert watch.since(0) == frozenset({theirs.id})


def test_another_worker_is_noticed_within_half_a_second(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1_000.0
    monkeypatch.setattr("time.monotonic", lambda: moment)
    known = watch.look()
    monkeypatch.setattr(watch, "look_again", lambda dealership_id: None)  # the change is another worker's
    make_car()
    assert watch.version() == known
    moment += 0.5
    assert watch.version() > known
