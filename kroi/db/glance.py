"""A row read in one statement, for what is asked on every request and seldom changes."""

from functools import cached_property
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Engine, Row, Select, Table, bindparam
from sqlalchemy.sql import visitors

from kroi.core.config import Settings
from kroi.db import connecting
from kroi.db.model import db

_NAME = "kroi.glance"
_OURS = "kroi_dealership_id"


def install(app: Flask, settings: Settings) -> None:
    """Make the engine; inside the app's context, after the database's own."""
    app.extensions[_NAME] = connecting.glancing(db.engine, settings)


def engine_of(app: Flask) -> Engine | None:
    """Its own engine, where it has one: on SQLite it shares the application's."""
    found: Engine = app.extensions[_NAME]
    return found if found.pool is not db.engine.pool else None


class Glance:
    """A query of one row, over owned tables without subqueries: from each only one dealership's rows are read."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self._query = query

    @cached_property
    def _ours(self) -> Select[*tuple[Any, ...]]:
        # Once, but late: only when all models are known can the tables be walked.
        tables = dict.fromkeys(part for part in visitors.iterate(self._query) if isinstance(part, Table))
        return self._query.where(*(table.c.dealership_id == bindparam(_OURS) for table in tables))

    def find(self, dealership_id: int, **values: object) -> Row[*tuple[Any, ...]] | None:
        """The row or None; in no transaction, and so in one round trip instead of five.

        No connection is proved before and nothing is tried again: raises SQLAlchemyError, also where only the
        connection has died. The caller then goes the long way.
        """
        engine: Engine = current_app.extensions[_NAME]
        with engine.connect() as connection:
            return connection.execute(self._ours, {_OURS: dealership_id, **values}).one_or_none()
