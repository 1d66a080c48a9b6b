"""Fifty rows of real files, read without a mapping, say what a person says they say."""

from pathlib import Path

import pytest

from kroi.catalogue.imports.rules import Ground, Mapping, Row, read_cars
from tests.catalogue.imports.fifty_rows import FILES, ROWS, Expected, HandedOver


def said(row: Row) -> Expected | str:
    """What the importer reads in a row, as a person would write it down; the sentence when it refuses."""
    if row.refusal or row.car is None:
        return row.refusal or "no car"
    car, price = row.car, row.car.price_cents
    return Expected(
        "", row.number, car.make, car.model, price // 100 if price is not None else None, car.mileage_km, car.model_year
    )


def test_there_are_fifty_rows_of_four_files() -> None:
    assert len({(each.file, each.row) for each in ROWS}) == 50
    assert {each.file for each in ROWS} == {each.path for each in FILES}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("handed", FILES, ids=lambda each: each.path.split("/")[0])
def test_rows_say_what_a_person_reads_in_them(handed: HandedOver, real_data: Path) -> None:
    ground = Ground.of(currency=handed.currency, country=handed.country)
    rows = read_cars(real_data / handed.path, ground, Mapping(**handed.said)).rows

    expected = [each for each in ROWS if each.file == handed.path]
    found = [said(rows[each.row - 1]) for each in expected]

    assert found == [Expected("", *each.facts) for each in expected]
