"""An installation that moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from kroi.core.config import Settings
from kroi.db.model import Model, session
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from tests.support import databases

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@dataclass
class House:
    """Runs on `engine` at `url`; `other` is where to; `file` holds the settings."""

    app: Flask
    engine: str
    url: str
    other: str
    file: Path

    @property
    def settings(self) -> Settings:
        """Those of the application."""
        found: Settings = self.app.extensions["kroi.settings"]
        return found

    def run(self, *arguments: str) -> Result:
        """A `flask` command."""
        session.remove()
        return self.app.test_cli_runner().invoke(args=list(arguments))

    def switch(self, *options: str) -> Result:
        """`flask ops switch` to the other engine."""
        return self.run("ops", "switch", OTHER[self.engine], "--env-file", str(self.file), *options)

    @contextmanager
    def moved_app(self) -> Iterator[Flask]:
        """The application on the other database."""
        self.let_go()
        found = create_app(databases.settings_for(self.other, self.file.parent))
        with found.app_context():
            dealerships.forget_map()
            yield found
        databases.dispose(found)

    def let_go(self) -> None:
        """The web server and the worker are stopped."""
        session.remove()
        databases.dispose(self.app)

    def has_moved(self) -> bool:
        """Does the file of settings say so?"""
        return "DATABASE_URL=" in self.file.read_text(encoding="utf-8")


def content(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the application's own types read it."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in Model.metadata.sorted_tables
        }


def rename_car(url: str, name: str) -> None:
    """Somebody writes."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE cars SET model = :name WHERE id = (SELECT min(id) FROM cars)"), {"name": name})
