"""A listing by raw SQL without counting: the total and the numbers are those of the whole stock, read once."""

from functools import cache

from flask import request

from tests.benchmarks.references.asked import read
from tests.benchmarks.references.cars_by_sql import cars
from tests.benchmarks.references.page import application, known, shown

app = application(__name__)
facts = cache(known)


@app.get("/cars/")
def browse() -> str:
    """The first page of what was asked for."""
    asked, stock = read(request.args), facts()
    return shown(asked, stock, cars(asked), stock.total, stock.counts)
