"""An empty schema, built by the migrations on a connection of the caller's."""

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from kroi.operations.backup.schema import MIGRATIONS
from kroi.operations.rows import tables
from kroi.operations.rows.stores import Rows

_WORK = ("users", "cars", "people", "leads", "audit_entries", "price_changes", "import_runs")


def build(connection: sa.Connection, rows: Rows) -> None:
    """Every migration, in the caller's transaction; what they put in for a first start is taken out again."""
    script = ScriptDirectory(str(MIGRATIONS))

    def steps(revision: str, context: object) -> object:
        return script._upgrade_revs("head", revision)  # as alembic's own command does

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, transaction_per_migration=False)
        environment.run_migrations()
    for table in reversed(tables.parents_first()):
        if rows.count(table):
            rows.clear(table)


def is_untouched(rows: Rows) -> bool:
    """Is there nobody and nothing yet, but what the migrations put in and what visitors leave behind?"""
    found = {table.name: table for table in tables.parents_first()}
    return rows.count(found["dealerships"]) <= 1 and not any(rows.count(found[name]) for name in _WORK)
