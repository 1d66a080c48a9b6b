"""Migrations go up and down, and lead to what the models say, on both databases."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from kroi.db import dialects
from kroi.db.model import Model, Owned, session
from kroi.factory import create_app
from tests.support.databases import settings_for
from tests.support import source
from tests.support.makers import make_car
from tests.support.postgres import Postgres

OWNED = sorted(mapper.local_table.name for mapper in Model.registry.mappers if issubclass(mapper.class_, Owned))
REVISIONS = [path for path in source.python_files("migrations") if path.parts[1] == "versions"]


@pytest.fixture
def fresh(engine: str, tmp_path: Path, postgres: Postgres) -> Flask:
    """An application whose database is empty."""
    url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    if engine == "postgresql":
        url = postgres.create(f"fresh_{tmp_path.name.replace('-', '_')}")
    return create_app(settings_for(url, tmp_path))


def test_up_down_and_up_again_leads_to_what_the_models_say(fresh: Flask) -> None:
    engine = create_engine(fresh.extensions["kroi.settings"].database_url)
    with fresh.app_context():
        upgrade()
        assert _differences(engine) == []
        downgrade(revision="base")
        assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        assert _differences(engine) == []
    engine.dispose()


def _differences(engine: object) -> list[object]:
    with engine.connect() as connection:  # type: ignore[attr-defined]
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, Model.metadata))


def test_a_fresh_installation_has_exactly_one_dealership(fresh: Flask) -> None:
    with fresh.app_context():
        upgrade()
        assert session.execute(text("SELECT count(*) FROM dealerships")).scalar() == 1


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_a_revision_is_dated_and_knows_no_model(path: Path) -> None:
    assert re.fullmatch(r"\d{4}_\d\d_\d\d_[a-z_]+", path.stem)
    assert not [name for name, _line in source.imports(path) if name.startswith("kroi")]


def test_every_owned_table_has_row_security_under_a_role_that_owns_nothing(engine: str, app: Flask) -> None:
    if engine == "sqlite":
        return  # SQLite has no row security; the other fences stand there alone
    secured = session.execute(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")).scalars()
    assert set(OWNED) <= set(secured)
    owner = "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = :role)"
    assert session.execute(text(owner), {"role": dialects.APP_ROLE}).scalar() == 0
    assert session.execute(text("SELECT current_user")).scalar() == dialects.APP_ROLE


@pytest.mark.parametrize("change", ["UPDATE price_changes SET price_cents = 1", "DELETE FROM price_changes"])
def test_the_price_ledger_is_only_added_to(app: Flask, change: str) -> None:
    make_car()
    with pytest.raises(DBAPIError):
        session.execute(text(change))
    session.rollback()
