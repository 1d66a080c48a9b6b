"""Whole real files in the database: every row ends, every refusal has its reason, a second run changes nothing."""

import re
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from kroi.catalogue.imports import undo
from kroi.catalogue.imports.decisions import Decision
from kroi.catalogue.imports.rules import Ground, Mapping, titles
from kroi.catalogue.imports.service import Outcome
from kroi.catalogue.models import Car, ImportRow, RowOutcome
from kroi.catalogue.rules import CarStatus, Transmission
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.catalogue.imports import fifty_rows
from tests.catalogue.imports.fifty_rows import AUTOSCOUT, FILES, FOCUS, KLEINANZEIGEN, USA, HandedOver
from tests.catalogue.imports.importing import cars, four, import_file

STOCK = "kroi-stock/cars.json"
EXPECTED = {  # added, changed, unchanged, refused
    AUTOSCOUT: (44_126, 0, 0, 2_279),
    FOCUS: (5_548, 0, 0, 56),
    KLEINANZEIGEN: (18_310, 0, 0, 395),
    USA: (2_495, 0, 0, 4),
}
COPIES = {AUTOSCOUT: 2_140}
MOST_SECONDS = 60  # of this process's own time, which other tests beside it do not lengthen


def import_real(real_data: Path, handed: HandedOver) -> Outcome:
    ground = Ground.of(currency=handed.currency, country=handed.country)
    return import_file(real_data / handed.path, Mapping(**handed.said), ground=ground)


def check_sums(outcome: Outcome) -> None:
    """Row numbers run from 1 without a gap, the four add up to the rows, and every refusal says why."""
    assert [each.number for each in outcome.decisions] == list(range(1, len(outcome.decisions) + 1))
    assert sum(four(outcome)) == len(outcome.decisions)
    assert [each.number for each in outcome.decisions if _is_refused(each) and not each.reason] == []


def _is_refused(decision: Decision) -> bool:
    return decision.outcome is RowOutcome.REFUSED


def copies_in(outcome: Outcome) -> list[int]:
    """Rows that are refused as exact copies, each of an earlier row."""
    found = [(each.number, re.fullmatch(r"copy of row (\d+)", each.reason or "")) for each in outcome.decisions]
    assert all(int(copy[1]) < number for number, copy in found if copy)
    return [number for number, copy in found if copy]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("handed", FILES, ids=lambda each: each.path.split("/")[0])
def test_a_file_that_nobody_wrote_a_mapping_for(app: Flask, real_data: Path, handed: HandedOver) -> None:
    began = time.process_time()
    outcome = import_real(real_data, handed)
    seconds = time.process_time() - began

    check_sums(outcome)
    assert four(outcome) == EXPECTED[handed.path]
    assert seconds < MOST_SECONDS
    assert session.query(Car).count() == EXPECTED[handed.path][0]
    assert session.query(ImportRow).count() == len(outcome.decisions)
    assert len(copies_in(outcome)) == COPIES.get(handed.path, 0)
    ids = dict(outcome.car_ids)
    for row in (each for each in fifty_rows.ROWS if each.file == handed.path):
        car = session.get_one(Car, ids[row.row])
        assert (car.make, car.model, car.mileage_km, car.model_year) == (row.make, row.model, row.km, row.year), row
        assert car.price_cents == (row.price or 0) * 100, row


def test_foreign_money_is_refused_row_by_row_where_nobody_gives_a_rate(app: Flask, real_data: Path) -> None:
    outcome = import_file(real_data / FOCUS, Mapping())

    check_sums(outcome)
    assert Counter(each.reason for each in outcome.decisions) == {
        "The price is in GBP, and no rate to EUR is given.": 5_548,
        "The row is empty.": 56,
    }


@pytest.fixture
def stock(app: Flask, real_data: Path, engine: str, tmp_path: Path) -> Path:
    """The stock of a real dealership: with its photos on one database, since they are the same work on the other."""
    if engine == "sqlite":
        return real_data / STOCK
    return Path(shutil.copy(real_data / STOCK, tmp_path))


@pytest.mark.timeout(600)
def test_a_real_dealerships_stock(stock: Path, engine: str) -> None:
    first = import_file(stock)
    check_sums(first)
    assert four(first) == (59, 0, 0, 0)
    check_stock()
    assert sum(car.photo_count for car in cars()) == (151 if engine == "sqlite" else 0)
    broken = [each.reason for each in first.decisions if each.reason and "cut short" in each.reason]
    assert len(broken) == (1 if engine == "sqlite" else 0)

    assert four(import_file(stock)) == (0, 0, 59, 0)

    with transaction():
        done = undo.undo(first.run_id or 0)
    session.expire_all()
    assert (done.withdrawn, done.restored, done.kept) == (59, 0, ())
    assert {car.status for car in cars()} == {CarStatus.WITHDRAWN}


def check_stock() -> None:
    """59 different cars, clean names, two prices on request, one car still on its way."""
    found = cars()
    assert len({car.slug for car in found}) == len({car.stock_number for car in found}) == 59
    assert [car.title + car.trim for car in found if titles.has_price(f"{car.title} {car.trim}")] == []
    assert [text for car in found for text in car.paragraphs if titles.has_price(text)] == []
    assert sorted(car.model for car in found if car.price_cents == 0) == ["A4", "Golf"]
    assert {car.make for car in found} == {"Audi", "BMW", "Mercedes-Benz", "SEAT", "Skoda", "Volkswagen"}
    assert {car.model for car in found if car.make == "Skoda"} == {"Octavia", "Superb"}
    assert {"Tiguan", "520", "E-Class"} <= {car.model for car in found}
    assert [car.model for car in found if car.arriving] == ["518"]
    assert {car.status for car in found} == {CarStatus.AVAILABLE}
    assert [car.power_kw for car in found if car.power_kw] == [110, 140, 190, 160]
    assert {car.transmission for car in found} == {Transmission.AUTOMATIC}
