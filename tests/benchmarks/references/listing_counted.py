"""A listing by raw SQL: the cars, the exact total, and eight `GROUP BY`s for the numbers beside the choices."""

from functools import cache

from flask import request

from tests.benchmarks.references.asked import FACETS, Asked, read
from tests.benchmarks.references.cars_by_sql import cars
from tests.benchmarks.references.database import URL, rows
from tests.benchmarks.references.page import ON_SALE, application, known, shown

app = application(__name__)
facts = cache(known)


@app.get("/cars/")
def browse() -> str:
    """The first page of what was asked for."""
    asked = read(request.args)
    return shown(asked, facts(), cars(asked), _total(asked), {name: _counts(asked, name) for name in FACETS})


def _total(asked: Asked) -> int:
    where, values = asked.where()
    total: int = rows(f"SELECT count(*) FROM cars WHERE {ON_SALE}{where}", values)[0][0]
    return total


def _counts(asked: Asked, name: str) -> dict[str, int]:
    """Each choice of one facet under all other filters."""
    column = FACETS[name]
    where, values = asked.where(without=name)
    # Left alone, SQLite groups models along an index that holds nothing else of a car, which takes five times as long.
    table = "cars INDEXED BY ix_cars_counted" if column == "model_slug" and URL.startswith("sqlite") else "cars"
    found = rows(f"SELECT {column}, count(*) FROM {table} WHERE {ON_SALE}{where} GROUP BY {column}", values)
    return {value: count for value, count in found if value is not None}
