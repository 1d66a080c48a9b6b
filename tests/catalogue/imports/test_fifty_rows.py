"""Fifty rows of real files, read without a mapping, say what a person says they say."""

from functools import cache
from pathlib import Path

import pytest

from kroi.catalogue.imports.rules import Ground, Mapping, Reading, read_cars
from tests.catalogue.imports.fifty_rows import FILES, ROWS, Expected


@cache
def reading_of(folder: Path, path: str) -> Reading:
    """The file as the importer reads it, with what is said about it and nothing more."""
    handed = next(each for each in FILES if each.path == path)
    ground = Ground.of(currency=handed.currency, country=handed.country)
    return read_cars(folder / path, ground, Mapping(**handed.said))


def test_there_are_fifty_rows_of_four_files() -> None:
    assert len({(each.file, each.row) for each in ROWS}) == 50
    assert {each.file for each in ROWS} == {each.path for each in FILES}


@pytest.mark.xdist_group("fifty rows")
@pytest.mark.parametrize("expected", ROWS, ids=lambda row: f"{row.file.split('/')[0]}-{row.row}")
def test_a_row_says_what_a_person_reads_in_it(expected: Expected, real_data: Path) -> None:
    row = reading_of(real_data, expected.file).rows[expected.row - 1]

    assert row.number == expected.row
    assert row.refusal is None
    car = row.car
    assert car is not None
    assert (car.make, car.model) == (expected.make, expected.model)
    assert car.price_cents == (None if expected.price is None else expected.price * 100)
    assert (car.mileage_km, car.model_year) == (expected.km, expected.year)
