"""A backup of the schema alone: every table, nobody's data."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from kroi.catalogue.models import Car
from kroi.core.config import Settings
from kroi.db.model import session
from kroi.operations.backup import archive, records, service
from kroi.operations.backup.schema import newest
from tests.operations.conftest import PICTURE

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]


def made(ours: Settings) -> Path:
    (path,) = Path(ours.backup_url).glob("*-schema.tar")
    return path


def test_it_holds_every_table_and_no_row(ops: Ops, ours: Settings) -> None:
    live = service.store_for(ours).facts()
    assert ops("backup", "--schema-only", "--no-compress").exit_code == 0
    said = archive.read_manifest(made(ours))
    assert said.schema_only and said.media == []
    assert set(said.facts.tables) == set(live.tables) and said.facts.schema == live.schema
    assert {name for name, table in said.facts.tables.items() if table.rows} == {"alembic_version"}
    assert b"Aalto" not in made(ours).read_bytes() and PICTURE.encode() not in made(ours).read_bytes()


def test_restored_it_is_an_empty_kroi_of_the_same_schema(ops: Ops, ours: Settings, own: Flask) -> None:
    assert ops("backup", "--schema-only").exit_code == 0
    result = ops("restore", made(ours).name, "--drop-database")
    assert result.exit_code == 0, result.output
    found = service.store_for(ours).facts()
    assert found.rows == 1 and found.revision == newest()
    assert session.query(Car).count() == 0
    session.remove()


def test_it_is_no_backup_of_the_data(ops: Ops, ours: Settings) -> None:
    assert ops("backup", "--schema-only").exit_code == 0
    assert records.find_last(ours.instance) is None, "health still asks for a real one"
    result = ops("verify")
    assert result.exit_code == 1 and "no backups" in result.output
    assert "schema only" in ops("list").output
    assert ops("verify", made(ours)).exit_code == 0
