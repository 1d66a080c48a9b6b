"""A fixture: two dealerships with lived-in data on one database, and an empty other one to move to."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from tests.operations.house import House
from tests.support.makers import make_car, make_lead, make_user
from tests.support.own import own_app
from tests.support.postgres import Postgres

NASTY = "Žluťoučký 'kůň' \"says\"\t\\N \\. 🚗\n\r; DROP TABLE cars; -- ä\u2028"


@pytest.fixture
def house(app: Flask, engine: str, postgres: Postgres, tmp_path: Path) -> Iterator[House]:
    """Runs on `engine`; `other` is the database to move to."""
    name = f"kroi_other_{secrets.token_hex(4)}"
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}" if engine == "postgresql" else postgres.create(name)
    with own_app(engine, tmp_path, other_database_url=other) as found:
        _live_in()
        file = tmp_path / "settings.env"
        file.write_text("# ours\nPORT=8123\n", encoding="utf-8")
        file.chmod(0o640)
        yield House(found, engine, found.extensions["kroi.settings"].database_url, other, file)
    if engine == "sqlite":
        postgres.drop(name)


def _live_in() -> None:
    session.remove()
    for profile in dealerships.list_profiles():
        with acting_for(profile.id):
            with transaction():
                make_user(f"Ana {profile.name}")
                cars = [make_car(model=f"A{number}", trim=NASTY, features=["ä", NASTY]) for number in range(40)]
            make_lead("Anna", car=cars[0], message=NASTY)
            make_lead("Bea", message="")
            session.remove()
