"""Export, import, export: the same bytes, on either database and from one to the other; damage is refused."""

import csv
import io
import json
import secrets
import sqlite3
import stat
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from kroi.core.config import Settings
from kroi.core.errors import Conflict, Invalid
from kroi.dealerships import queries as dealerships
from kroi.operations.exit import service
from tests.operations.house import OTHER, House, content
from tests.support import databases
from tests.support.postgres import Postgres

pytestmark = pytest.mark.slow

PICTURE = "0123456789abcdef0123456789abcdef-480.webp"


@pytest.fixture
def full(house: House) -> House:
    """Two dealerships with data, and a picture of each."""
    for number in (profile.id for profile in dealerships.list_profiles()):
        picture = Path(house.settings.media_url) / str(number) / PICTURE
        picture.parent.mkdir(parents=True)
        picture.write_bytes(f"picture of {number}".encode())
    house.let_go()
    return house


@contextmanager
def empty(engine: str, folder: Path, postgres: Postgres) -> Iterator[Settings]:
    """Another installation in which nobody works yet."""
    folder.mkdir()
    name = f"kroi_empty_{secrets.token_hex(4)}"
    url = f"sqlite:///{folder / 'kroi.sqlite3'}" if engine == "sqlite" else postgres.create(name)
    found = databases.settings_for(url, folder)
    databases.migrate(found, dealerships=False)
    yield found
    if engine == "postgresql":
        postgres.drop(name)


@pytest.mark.parametrize("way", ["to the same", "to the other"])
def test_export_import_export_is_the_same_to_the_last_byte(
    full: House, way: str, tmp_path: Path, postgres: Postgres
) -> None:
    engine = full.engine if way == "to the same" else OTHER[full.engine]
    first, second = tmp_path / "first.tar", tmp_path / "second.tar"
    made = service.take_out(full.settings, first)
    assert made.tables["cars"].rows == 80 and len(made.media) == 2
    with empty(engine, tmp_path / "elsewhere", postgres) as elsewhere:
        service.bring_in(elsewhere, first)
        assert content(elsewhere.database_url) == content(full.url)
        service.take_out(elsewhere, second)
    assert second.read_bytes() == first.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_one_dealership_takes_all_of_its_own_and_nothing_else(full: House, tmp_path: Path, postgres: Postgres) -> None:
    ours, theirs = dealerships.list_profiles()
    first, second = tmp_path / "first.tar", tmp_path / "second.tar"
    answer = full.run("dealerships", "export", ours.host, str(first))
    assert answer.exit_code == 0, answer.output
    with empty(OTHER[full.engine], tmp_path / "elsewhere", postgres) as elsewhere:
        service.bring_in(elsewhere, first)
        there, before = content(elsewhere.database_url), content(full.url)
        assert there["cars"] == [row for row in before["cars"] if row["dealership_id"] == ours.id] != []
        assert [row["id"] for row in there["dealerships"]] == [ours.id]
        service.take_out(elsewhere, second, replace(ours))
    assert second.read_bytes() == first.read_bytes()
    with tarfile.open(first) as tar:
        assert [name for name in tar.getnames() if name.startswith("media/")] == [f"media/{ours.id}/{PICTURE}"]
    assert theirs.name.encode() not in first.read_bytes()


def test_other_programs_can_read_it(full: House, tmp_path: Path) -> None:
    path = tmp_path / "kroi.tar"
    answer = full.run("ops", "export", str(path))
    assert answer.exit_code == 0 and "2 picture files" in answer.output, answer.output
    (tmp_path / "out").mkdir()
    subprocess.run(["tar", "-xf", path, "-C", tmp_path / "out"], check=True)
    cars = [json.loads(line) for line in (tmp_path / "out/json/cars.jsonl").read_text().split("\n")[:-1]]
    sheet = list(csv.DictReader(io.StringIO((tmp_path / "out/csv/cars.csv").read_text(), newline="")))
    with closing(sqlite3.connect(tmp_path / "out/kroi.sqlite3")) as file:
        rows = file.execute("SELECT id, model FROM cars ORDER BY id").fetchall()
    assert rows == [(car["id"], car["model"]) for car in cars] and len(sheet) == len(cars) == 80
    assert [row["model"] for row in sheet] == [car["model"] for car in cars]


def test_an_installation_that_holds_data_is_not_touched(full: House, tmp_path: Path) -> None:
    before = content(full.url)
    service.take_out(full.settings, tmp_path / "kroi.tar")
    answer = full.run("ops", "import", str(tmp_path / "kroi.tar"))
    assert answer.exit_code == 1 and "holds data already" in answer.output
    assert content(full.url) == before


def test_a_file_that_is_there_is_not_replaced(full: House, tmp_path: Path) -> None:
    (tmp_path / "kroi.tar").write_text("mine")
    with pytest.raises(Conflict, match="there already"):
        service.take_out(full.settings, tmp_path / "kroi.tar")
    assert (tmp_path / "kroi.tar").read_text() == "mine"


@pytest.mark.parametrize("damage", ["a bit", "cut short", "no archive", "another version"])
def test_a_damaged_archive_is_refused_and_nothing_is_there(
    full: House, damage: str, tmp_path: Path, postgres: Postgres
) -> None:
    path = tmp_path / "kroi.tar"
    service.take_out(full.settings, path)
    whole = bytearray(path.read_bytes())
    if damage == "a bit":
        whole[whole.index(b'"model":"A1"') + 10] ^= 1
    elif damage == "another version":
        whole = bytearray(bytes(whole).replace(b'"revision": "houses"', b'"revision": "unknown"', 1))
    path.write_bytes({"cut short": bytes(whole[: len(whole) // 2]), "no archive": b"hello"}.get(damage, bytes(whole)))
    with empty(full.engine, tmp_path / "elsewhere", postgres) as elsewhere:
        before = content(elsewhere.database_url)
        with pytest.raises((Invalid, Conflict)):
            service.bring_in(elsewhere, path)
        assert content(elsewhere.database_url) == before
        assert not list((tmp_path / "elsewhere").glob("media/*"))


def test_an_older_schema_is_a_sentence(full: House, tmp_path: Path) -> None:
    with create_engine(full.url, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'leads'"))
    answer = full.run("ops", "export", str(tmp_path / "kroi.tar"))
    assert answer.exit_code == 1 and "flask db upgrade" in answer.output


def test_wrong_use_is_said(app: Flask, tmp_path: Path) -> None:
    def ask(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=list(arguments))

    assert ask("ops", "import", str(tmp_path / "none.tar")).exit_code == 2
    nowhere = ask("dealerships", "export", "nowhere.test", str(tmp_path / "x.tar"))
    assert nowhere.exit_code == 1 and "Say which dealership" in nowhere.output
