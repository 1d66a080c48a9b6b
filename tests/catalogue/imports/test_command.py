"""The command: what it prints, what it writes, and how it ends."""

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from kroi.catalogue.models import Car, ImportRun
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """`flask stock import …` at dealership A, unless another is named."""

    def invoke(*words: str | Path) -> Result:
        said = [str(word) for word in words]
        named = [] if "--dealership" in said or "--help" in said else ["--dealership", "a.test"]
        found = app.test_cli_runner().invoke(args=["stock", "import", *said, *named])
        session.expire_all()
        return found

    return invoke


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "cars.csv"
    found.write_text("make,model,price,x\nVW,Golf,15 900 €,1\nAudi,,9,2\n", encoding="utf-8")
    return found


def test_it_says_how_it_understood_the_file_and_how_each_row_ended(run: Run, path: Path) -> None:
    result = run(path)

    assert result.exit_code == 0
    for line in ("make → make", "price → price", "not used: x", "row 1: added  Volkswagen Golf", "row 2: refused"):
        assert line in result.output
    assert "2 rows read = 1 added + 0 changed + 0 unchanged + 1 refused" in result.output
    assert f"--undo {session.query(ImportRun).one().id}" in result.output


def test_a_dry_run_shows_the_difference(run: Run, path: Path) -> None:
    path.write_text("stock number,make,model,price\n7,VW,Golf,15900\n")
    run(path)
    path.write_text("stock number,make,model,price\n7,VW,Golf,0\n")

    result = run(path, "--dry-run")

    assert "row 1: changed  Volkswagen Golf (7); price 15,900 → on request" in result.output
    assert "nothing was changed" in result.output
    assert session.query(Car).one().price_cents == 15_900_00


def test_undo_names_what_it_did(run: Run, path: Path) -> None:
    run(path)

    result = run("--undo", str(session.query(ImportRun).one().id))

    assert result.exit_code == 0
    assert "is undone: 1 cars withdrawn, 0 set back, 0 kept." in result.output


def test_the_report_holds_every_row_and_no_formula(run: Run, path: Path, tmp_path: Path) -> None:
    path.write_text("make,model,price\n\"=cmd|'/c calc'!A0\",Golf,1\nAudi,,9\n", encoding="utf-8")

    run(path, "--report", tmp_path / "report.csv")

    rows = list(csv.reader(io.StringIO((tmp_path / "report.csv").read_text(encoding="utf-8-sig"))))
    assert [row[:2] for row in rows] == [["row", "outcome"], ["1", "added"], ["2", "refused"]]
    assert rows[1][2].startswith("'=") and "No model" in rows[2][4]


def test_what_is_said_on_the_line_overrules_the_mapping(run: Run, path: Path, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text('currency = "GBP"\n[columns]\nx = "doors"\n[constants]\nmodel = "A4"\n')

    refused = run(path, "--mapping", tmp_path / "mapping.toml")
    taken = run(path, "--mapping", tmp_path / "mapping.toml", "--rate", "GBP=2", "--set", "model=A6")

    assert "no rate to EUR" in refused.output and "--rate GBP=1.17" in refused.output
    assert taken.exit_code == 0
    assert {(car.model, car.price_cents) for car in session.query(Car)} == {("Golf", 31_800_00), ("A6", 18_00)}


def test_wrong_use_ends_with_two(run: Run, path: Path, tmp_path: Path) -> None:
    wrong: list[tuple[str | Path, ...]] = [
        (), (path, "--undo", "1"), (tmp_path / "none.csv",), (tmp_path,), (path, "--undo", "x"),
        (path, "--set", "make"), (path, "--distance", "yd"), (path, "--nonsense"),
    ]  # fmt: skip

    assert [run(*words).exit_code for words in wrong] == [2] * len(wrong)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<html><body>404</body></html>", b"PK\x03\x04rest", os.urandom(50_000), b"\x1f\x8bbroken", b'{"cars": 7}',
        b'[{"make": "VW"', b"[" * 200_000,
    ],
    ids=["empty", "page", "zip", "noise", "gzip", "no list", "cut JSON", "deep JSON"],
)  # fmt: skip
def test_a_file_that_is_no_list_ends_with_one_and_a_sentence(run: Run, path: Path, content: bytes) -> None:
    path.write_bytes(content)

    result = run(path)

    assert result.exit_code == 1
    assert result.output.startswith("Error: ") and "Traceback" not in result.output
    assert session.query(ImportRun).count() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"make,model\n", b"make,model\nV\x00W,Golf\n", b"make,model,price\nVW,Golf," + b"9" * 100_000 + b"\n",
        b"make,model,price\nVW,Golf,1e309\nVW,Polo,-1\n", b"make,make,model\nVW,Audi,Golf\n",
        "make,model\nVW,Gölf\n".encode("utf-16"), b"a;b\n\xff\xfe\xfd;1\n", b"make,model\n" + b'VW,"Golf\n' * 50,
    ],
    ids=["header only", "zero byte", "endless price", "absurd prices", "twin headers", "UTF-16", "mixed", "quotes"],
)  # fmt: skip
def test_odd_files_end_in_good_order(run: Run, path: Path, content: bytes) -> None:
    path.write_bytes(content)

    result = run(path)

    assert result.exit_code == 0, result.output
    assert "rows read" in result.output


def test_an_import_that_does_not_exist_cannot_be_undone(run: Run) -> None:
    result = run("--undo", "4711")

    assert result.exit_code == 1 and "There is no import 4711." in result.output


def test_a_wrong_mapping_is_explained(run: Run, path: Path, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text('[columns]\nx = "colur"\n')

    result = run(path, "--mapping", tmp_path / "mapping.toml")

    assert result.exit_code == 1 and "'colur' is not a field" in result.output


def test_it_imports_for_the_dealership_that_is_named(run: Run, path: Path, here: Dealership, there: Dealership) -> None:
    here_id, there_id = here.id, there.id
    run(path, "--dealership", "b.test")

    with acting_for(there_id):
        assert session.query(Car).count() == 1
    with acting_for(here_id):
        assert session.query(Car).count() == 0


def test_help_shows_an_example(run: Run) -> None:
    result = run("--help")

    assert result.exit_code == 0 and "Example: flask stock import" in result.output
