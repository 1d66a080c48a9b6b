"""Migrations lead up, down and up again, and end where the models are."""

import re
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.runtime.migration import HeadMaintainer, RevisionStep, StampStep
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from kroi.db.model import Model, db, session
from kroi.dealerships.models import Dealership
from tests.support import source

pytestmark = pytest.mark.slow

REVISIONS = [path for path in source.tracked() if path.match("migrations/versions/*.py")]


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def drift() -> list[Any]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found: list[Any] = compare_metadata(context, Model.metadata)
        return found


# PostgreSQL tells the expression of a column that it works out in words of its own; Alembic then cannot compare it.
@pytest.mark.filterwarnings("ignore:Computed default on leads.urgency cannot be modified:UserWarning")
def test_every_step_goes_up_and_down_and_up_and_leads_to_what_the_models_say(bare: Flask) -> None:
    upgrade()
    assert tables() == set(Model.metadata.tables)
    for _ in REVISIONS:
        downgrade()
        upgrade(revision="+1")
        downgrade()
    assert tables() == set()
    upgrade()
    assert drift() == []


def test_a_fresh_installation_has_exactly_one_dealership(bare: Flask) -> None:
    upgrade()
    assert len(session.execute(select(Dealership)).all()) == 1


def test_an_upgrade_that_ends_before_its_last_step_leaves_nothing_behind(
    bare: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    (last,) = ScriptDirectory(str(source.ROOT / "migrations")).get_heads()
    told = HeadMaintainer.update_to_step

    def ends(heads: HeadMaintainer, step: RevisionStep | StampStep) -> None:
        if last in step.to_revisions_no_deps:
            raise InterruptedError
        told(heads, step)

    with monkeypatch.context() as patch, pytest.raises(InterruptedError):
        patch.setattr(HeadMaintainer, "update_to_step", ends)
        upgrade()
    assert tables() == set()
    upgrade()
    assert tables() == set(Model.metadata.tables)


def test_there_is_one_line_of_migrations() -> None:
    script = ScriptDirectory(str(source.ROOT / "migrations"))
    assert len(script.get_heads()) == 1 and len(script.get_bases()) == 1


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_a_migration_has_a_date_and_knows_no_model(path: Any) -> None:
    assert re.fullmatch(r"\d{4}_\d{2}_\d{2}_[a-z0-9_]+\.py", path.name)
    assert [name for name, _line in source.imports(path) if name.split(".")[0] == "kroi"] == []
