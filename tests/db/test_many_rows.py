"""Many rows at once are checked against what they belong to row by row, never by walking all of it for each."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from kroi.catalogue.models import Car, PriceChange
from kroi.core import clock
from kroi.db import bulk
from kroi.db.model import db, session
from kroi.db.transaction import transaction
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

MANY = 2_000


def test_a_connection_that_knew_a_small_table_does_not_walk_a_large_one(app: Flask, engine: str) -> None:
    car = make_car()
    price = _price(car.id)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE cars")  # as it does by itself: it knows that one page holds them all
    for _ in range(10):  # the database remembers how it looked for the car
        with transaction():
            bulk.insert_rows(PriceChange, [price])
    with transaction():
        bulk.insert_rows(Car, [_like(car, number) for number in range(MANY)])
        before = _walks(engine)
        bulk.insert_rows(PriceChange, [price] * MANY)
        assert _walks(engine) - before < 10


def test_a_table_that_was_emptied_is_not_taken_for_empty(app: Flask, engine: str) -> None:
    car = make_car()
    with transaction():
        bulk.insert_rows(Car, [_like(car, number) for number in range(MANY)])
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM cars WHERE id <> {car.id}")
        connection.exec_driver_sql("ANALYZE cars")  # any index is as good as another for the one that is left
    with transaction():
        bulk.insert_rows(Car, [_like(car, number) for number in range(MANY)])
        before = _read(engine)
        bulk.insert_rows(PriceChange, [_price(car.id + 1 + number) for number in range(MANY)])
        assert _read(engine) - before < 10 * MANY


def _price(car_id: int) -> dict[str, Any]:
    return {"car_id": car_id, "price_cents": 100, "at": clock.now(), "by_id": None}


def _like(car: Car, number: int) -> dict[str, Any]:
    columns = [column.key for column in Car.__table__.columns if column.computed is None]
    row = {name: getattr(car, name) for name in columns if name not in ("id", "dealership_id")}
    return row | {"id": car.id + 1 + number, "slug": f"car-{number}", "stock_number": f"x{number}"}


def _walks(engine: str) -> int:
    """How often this transaction has read the whole table of cars; SQLite always looks by the right index."""
    return _counted(engine, "seq_scan")


def _read(engine: str) -> int:
    """How many cars this transaction has looked at."""
    return _counted(engine, "seq_tup_read + idx_tup_fetch")


def _counted(engine: str, what: str) -> int:
    if engine == "sqlite":
        return 0
    return session.scalar(text(f"SELECT {what} FROM pg_stat_xact_user_tables WHERE relname = 'cars'")) or 0
