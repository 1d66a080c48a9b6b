"""Rows of one dealership do not exist for another, and with none chosen nothing works."""

import contextvars
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, exists, func, select, text, update

from kroi.catalogue.models import Car
from kroi.db.model import session
from kroi.db.tenancy import NoDealership, across_dealerships, acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.makers import make_car

READS: dict[str, Callable[[], object]] = {
    "rows": lambda: session.scalars(select(Car)).all(),
    "columns": lambda: session.execute(select(Car.id)).all(),
    "a count": lambda: session.scalar(select(func.count()).select_from(Car)),
    "exists": lambda: session.scalar(select(exists().where(Car.id > 0))),
    "a subquery": lambda: session.execute(select(select(Car.make).subquery())).all(),
    "a scalar subquery": lambda: session.scalar(select(select(func.count(Car.id)).scalar_subquery())),
}


@pytest.mark.parametrize("read", READS)
def test_another_dealerships_cars_do_not_exist(here: Dealership, there: Dealership, read: str) -> None:
    here_id, there_id = here.id, there.id
    with acting_for(there_id):
        theirs = make_car().id
    with acting_for(here_id):
        assert session.get(Car, theirs) is None
        assert not READS[read]()


def test_writes_reach_only_our_own_rows(here: Dealership, there: Dealership) -> None:
    there_id = there.id
    with acting_for(there_id):
        make_car()
    with transaction():
        session.execute(update(Car).values(make="Stolen"))
        session.execute(delete(Car))
    with acting_for(there_id):
        assert [car.make for car in session.scalars(select(Car))] == ["Audi"]


def test_a_row_of_another_dealership_cannot_be_written(here: Dealership, there: Dealership) -> None:
    car = Car(dealership_id=there.id, stock_number="1", slug="x", make="A", make_slug="a", model="B", model_slug="b")
    with pytest.raises(RuntimeError, match="another dealership"), transaction():
        session.add(car)


@pytest.mark.parametrize("read", READS)
def test_with_no_dealership_chosen_a_read_raises(app: Flask, read: str) -> None:
    with pytest.raises(NoDealership):
        contextvars.Context().run(_in_fresh_app, app, READS[read])


def _in_fresh_app(app: Flask, work: Callable[[], object]) -> object:
    with app.app_context():
        return work()


def test_the_database_itself_hides_other_rows_from_raw_sql(engine: str, here: Dealership, there: Dealership) -> None:
    here_id, there_id = here.id, there.id
    with acting_for(there_id):
        make_car()
    with acting_for(here_id):
        seen = session.execute(text("SELECT count(*) FROM cars")).scalar()
    assert seen == (0 if engine == "postgresql" else 1)  # SQLite has no row security: a test forbids raw SQL in rooms


def test_raw_sql_of_nobody_sees_no_row_either(engine: str, app: Flask) -> None:
    make_car()
    seen = contextvars.Context().run(
        _in_fresh_app, app, lambda: session.execute(text("SELECT count(*) FROM cars")).scalar()
    )
    assert seen == (0 if engine == "postgresql" else 1)


def test_operations_may_look_across(here: Dealership, there: Dealership) -> None:
    make_car()
    there_id = there.id
    with acting_for(there_id):
        make_car()
    with across_dealerships():
        assert session.scalar(select(func.count()).select_from(Car)) == 2


def test_the_dealership_cannot_change_inside_a_transaction(here: Dealership, there: Dealership) -> None:
    other = there.id
    with transaction(), pytest.raises(RuntimeError, match="inside a transaction"), acting_for(other):
        pass
