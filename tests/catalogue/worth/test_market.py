"""Taking in the market's listings: read like an import, replaced by the next file of the same name."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from kroi.catalogue.models import MarketListing, RowOutcome
from kroi.catalogue.rules import Body, Fuel
from kroi.catalogue.worth import service
from kroi.catalogue.worth.rules import Listing
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership

GOLF = Listing("Volkswagen", "Golf", 2020, 80_000, 17_900_00, Fuel.PETROL, Body.HATCHBACK)


def _count() -> int:
    return session.scalar(select(func.count()).select_from(MarketListing)) or 0


def _put(*listings: Listing, source: str = "market.csv") -> service.Taken:
    with transaction():
        return service.put_listings(listings, source)


def _market(app: Flask, file: Path, *said: str) -> Result:
    return app.test_cli_runner().invoke(args=["stock", "market", str(file), "--dealership", "a.test", *said])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Four rows that can enter and five that cannot."""
    path = tmp_path / "market.csv"
    rows = [
        ("VW", "Golf", "2020", "80.000 km", "17.900 €", "Benzin"),
        ("Volkswagen", "Golf", "2019", "95000", "15900", "diesel"),
        ("Škoda", "Octavia", "2021", "60000", "21 900 €", "Diesel"),
        ("BMW", "320", "2018", "120000", "18500", ""),
        ("BMW", "320", "2018", "120000", "18500", ""),
        ("Audi", "A4", "", "100000", "20000", "Diesel"),
        ("Audi", "A4", "2019", "", "20000", "Diesel"),
        ("Audi", "A4", "2019", "100000", "0", "Diesel"),
        ("", "", "2019", "100000", "10000", "Diesel"),
    ]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("make", "model", "year", "mileage", "price", "fuel"), *rows])
    return path


def test_a_file_is_read_as_an_import_reads_it(app: Flask, file: Path) -> None:
    result = _market(app, file)
    assert result.exit_code == 0, result.output
    assert "9 rows read = 4 added + 0 changed + 0 unchanged + 5 refused" in result.output
    for reason in ("copy of row 4", "no model year", "no mileage", "no price"):
        assert reason in result.output, reason
    first = session.scalars(select(MarketListing).order_by(MarketListing.id)).first()
    assert first is not None and first.source == "market.csv"
    assert (first.make_slug, first.model_slug, first.model_year, first.mileage_km) == (
        "volkswagen",
        "golf",
        2020,
        80_000,
    )
    assert (first.price_cents, first.fuel, first.body) == (17_900_00, Fuel.PETROL, None)


def test_the_same_file_again_changes_nothing(app: Flask, file: Path) -> None:
    _market(app, file)
    ids = session.scalars(select(MarketListing.id)).all()
    assert "0 added + 0 changed + 4 unchanged + 5 refused" in _market(app, file).output
    assert session.scalars(select(MarketListing.id)).all() == ids


def test_a_dry_run_changes_nothing(app: Flask, file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    result = _market(app, file, "--dry-run", "--report", str(report))
    assert "4 added" in result.output and "dry run" in result.output and _count() == 0
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 10


def test_a_mapping_says_what_columns_mean(app: Flask, tmp_path: Path) -> None:
    path, mapping = tmp_path / "odd.json", tmp_path / "odd.toml"
    path.write_text(json.dumps([{"x": "Audi", "y": "A4", "z": 2019, "k": 90000, "p": 19900}]))
    mapping.write_text('[columns]\nx = "make"\ny = "model"\nz = "year"\nk = "mileage"\np = "price"\n')
    result = _market(app, path, "--mapping", str(mapping))
    assert "1 added" in result.output, result.output


def test_a_file_that_is_none_is_one_sentence(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("")
    result = _market(app, path)
    assert result.exit_code == 1 and "Error: " in result.output and "Traceback" not in result.output


def test_a_file_replaces_what_it_said_before_and_nothing_else(app: Flask) -> None:
    other = Listing("Audi", "A4", 2019, 90_000, 19_900_00)
    _put(GOLF, other)
    _put(GOLF, source="another.csv")
    taken = _put(other, other)
    assert taken == service.Taken((RowOutcome.UNCHANGED, RowOutcome.ADDED), 1)
    assert _count() == 3


def test_another_dealerships_market_is_its_own(app: Flask, there: Dealership) -> None:
    with acting_for(there.id):
        _put(GOLF)
    assert _count() == 0
    assert _put(GOLF).outcomes == (RowOutcome.ADDED,)
    with acting_for(there.id):
        assert _count() == 1
