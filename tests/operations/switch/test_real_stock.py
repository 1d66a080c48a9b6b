"""The real list of 46,405 cars moves both ways, with photos, leads and the record, and nothing is lost on the road."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kroi.catalogue.imports.rules import Ground
from kroi.catalogue.models import Car
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from kroi.operations.rows import live, tables
from kroi.operations.rows.rules import tally_of
from kroi.operations.switch import rules, service
from tests.catalogue.imports.fifty_rows import AUTOSCOUT
from tests.catalogue.imports.importing import import_file
from tests.support import databases
from tests.support.makers import make_lead, make_user
from tests.support.postgres import Postgres


@pytest.fixture
def full(real_data: Path, tmp_path: Path) -> Iterator[Flask]:
    """An installation on SQLite with the whole list at one of its dealerships, and leads at both."""
    settings = databases.settings_for(f"sqlite:///{tmp_path / 'kroi.sqlite3'}", tmp_path)
    databases.migrate(settings)
    app = create_app(settings)
    with app.app_context():
        ours, theirs = dealerships.list_profiles()
        with acting_for(ours.id):
            import_file(real_data / AUTOSCOUT, ground=Ground.of(currency="EUR", country="DE"))
            make_user("Ana")
            first = session.query(Car).order_by(Car.id).first()
            for number in range(20):
                make_lead(f"Anna {number}", car=first)
            session.remove()
        with acting_for(theirs.id):
            make_lead("Bea")
        session.remove()
        yield app
    databases.dispose(app)


@pytest.mark.timeout(600)
def test_the_whole_list_moves_there_and_back(full: Flask, postgres: Postgres, tmp_path: Path) -> None:
    name = f"kroi_real_{secrets.token_hex(4)}"
    here, there = full.extensions["kroi.settings"].database_url, postgres.create(name)
    before = tallies(here, tmp_path)
    databases.dispose(full)
    for old, new in ((here, there), (there, here)):
        found = service.Plan(service.end_of(old), rules.plain(old), service.end_of(new), rules.plain(new), None)
        service.check(found)
        moved = service.switch(found)
        assert {each: table.rows for each, table in moved.items()} == {each: rows for each, (rows, _) in before.items()}
        assert tallies(new, tmp_path) == before
    assert before["import_rows"][0] == 46_405 and before["cars"][0] == 44_126
    assert before["leads"][0] == 21 and before["audit_entries"][0] > 20
    postgres.drop(name)


def tallies(url: str, folder: Path) -> dict[str, tuple[int, str]]:
    """Rows and checksum of each table, read anew."""
    with live.reading(databases.settings_for(url, folder)) as rows:
        found = {table.name: tally_of(rows.read(table)) for table in tables.parents_first()}
    return {name: (table.rows, table.checksum) for name, table in found.items()}
