"""Runs migrations as the owner of the tables (DIRECT_DATABASE_URL, else DATABASE_URL), all in one transaction."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import create_engine, event, pool
from sqlalchemy.engine import Connection

from kroi.db.model import BigKey, Model, UtcDateTime


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types into migrations as plain ones, so that migrations need no model."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, BigKey):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def migrate(connection: Connection) -> None:
    """Bring the schema behind `connection` to where it should be."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
        transactional_ddl=True,  # also on SQLite, as we begin there ourselves: all steps, or none
    )
    with context.begin_transaction():
        context.run_migrations()


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


settings = current_app.extensions["kroi.settings"]
engine = create_engine(settings.direct_database_url or settings.database_url, poolclass=pool.NullPool)
if engine.dialect.name == "sqlite":
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", _begin_immediately)
with engine.connect() as found:
    migrate(found)
