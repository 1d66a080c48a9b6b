"""The fences between dealerships that stand in the schema itself, and the tables that are only added to."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from kroi.catalogue.models import PriceChange
from kroi.core import clock
from kroi.db.dialects import APP_ROLE
from kroi.db.model import Model, Owned, db, session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.makers import make_car

OWNED = sorted({str(mapper.local_table) for mapper in Model.registry.mappers if issubclass(mapper.class_, Owned)})
LEDGERS = ("price_changes", "audit_entries")


@pytest.fixture
def postgresql(engine: str, app: Flask) -> sa.Engine:
    """The engine, of a test that looks at what only PostgreSQL has; on SQLite it has nothing to look at."""
    return db.engine


def _rows(engine: sa.Engine, query: str) -> set[str]:
    if engine.dialect.name != "postgresql":
        return set()
    with engine.connect() as connection:
        return {str(row[0]) for row in connection.exec_driver_sql(query)}


def test_there_are_owned_tables() -> None:
    assert len(OWNED) > 10


def test_every_owned_table_has_row_security(postgresql: sa.Engine) -> None:
    bare = _rows(postgresql, "SELECT relname FROM pg_class WHERE relkind = 'r' AND NOT relrowsecurity")
    assert bare.isdisjoint(OWNED)


def test_every_policy_looks_at_the_dealership_when_reading_and_when_writing(postgresql: sa.Engine) -> None:
    ours = "strpos(qual, 'dealership_id') > 0 AND strpos(with_check, 'dealership_id') > 0"
    named = _rows(postgresql, f"SELECT tablename FROM pg_policies WHERE roles = '{{{APP_ROLE}}}' AND {ours}")
    assert named == (set(OWNED) if postgresql.dialect.name == "postgresql" else set())


def test_the_role_we_act_under_owns_nothing_and_bypasses_nothing(postgresql: sa.Engine) -> None:
    owner = f"(SELECT oid FROM pg_roles WHERE rolname = '{APP_ROLE}')"
    assert _rows(postgresql, f"SELECT relname FROM pg_class WHERE relowner = {owner}") == set()
    mighty = f"SELECT rolname FROM pg_roles WHERE rolname = '{APP_ROLE}' AND (rolsuper OR rolbypassrls OR rolcanlogin)"
    assert _rows(postgresql, mighty) == set()


@pytest.mark.parametrize("table", OWNED)
def test_keys_between_owned_tables_hold_the_dealership_and_restrict(table: str) -> None:
    for constraint in Model.metadata.tables[table].foreign_key_constraints:
        assert constraint.ondelete == "RESTRICT"
        if constraint.referred_table.name != "dealerships":
            assert "dealership_id" in constraint.column_keys


def test_the_database_refuses_a_reference_to_another_dealerships_car(here: Dealership, there: Dealership) -> None:
    with acting_for(there.id):
        theirs = make_car().id
    with pytest.raises(DBAPIError), transaction():
        session.add(PriceChange(car_id=theirs, price_cents=1, at=clock.now()))


@pytest.mark.parametrize("verb", ["UPDATE price_changes SET price_cents = 1", "DELETE FROM price_changes"])
def test_the_price_ledger_is_only_added_to(app: Flask, verb: str) -> None:
    make_car()
    session.rollback()
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match="only added to"):
        connection.exec_driver_sql(verb)


def test_our_role_may_not_even_try_to_change_a_ledger(postgresql: sa.Engine) -> None:
    tables = ", ".join(f"'{name}'" for name in LEDGERS)
    rights = f"SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name IN ({tables})"
    granted = _rows(postgresql, f"{rights} AND grantee = '{APP_ROLE}'")
    assert granted <= {"SELECT", "INSERT"}


def test_every_other_table_is_one_that_dealerships_share() -> None:
    shared = set(Model.metadata.tables) - set(OWNED)
    assert {name for name in shared if not re.match("dealerships$|chore", name)} == set()
