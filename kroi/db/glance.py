"""A row read in one statement, for what is asked on every request and seldom changes."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Engine, Row, Select

from kroi.core.config import Settings
from kroi.db import dialects
from kroi.db.model import db

_NAME = "kroi.glance"


def install(app: Flask, settings: Settings) -> None:
    """Make the engine; inside the app's context, after the database's own."""
    app.extensions[_NAME] = dialects.glancing(db.engine, settings)


def glance(query: Select[*tuple[Any, ...]], values: Mapping[str, object]) -> Row[*tuple[Any, ...]] | None:
    """The one row of `query`, or None; in no transaction, and so in one round trip instead of five.

    Nothing filters it: the query itself says whose rows it means. Nothing is tried again, and no connection is proved
    before: raises SQLAlchemyError, also where only the connection has died, and the caller then goes the long way.
    """
    engine: Engine = current_app.extensions[_NAME]
    with engine.connect() as connection:
        return connection.execute(query, values).one_or_none()
