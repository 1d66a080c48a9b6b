"""Databases for tests: migrated once a run, copied for each process, emptied before each test in milliseconds."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from kroi.core.config import Settings
from kroi.db import engines
from kroi.db.model import Model, db, session
from kroi.db.tenancy import across_dealerships
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support import postgres, run

HOURS = {str(day): [["10:00", "18:00"]] for day in range(5)}
TEMPLATE = "kroi_template"


def settings_for(url: str, instance: Path) -> Settings:
    """Settings for an application under test."""
    settings = Settings(
        kroi_env="test", instance=instance, secret_key="test-" * 8, database_url=url, bcrypt_cost=4,
        database_pool_min=1, database_pool_size=60,
        database_health_check_interval=3600,  # nobody connects behind a test's back
    )  # fmt: skip
    return settings.completed()


class Database:
    """One process's database: `url` is its address, `empty` brings back dealerships A and B and nothing else."""

    url: str
    empty: Callable[[], None]
    close: Callable[[], None]


class Sqlite(Database):
    """A copy of the template file, filled again page by page."""

    def __init__(self, instance: Path) -> None:
        path = instance / "kroi.sqlite3"
        template = run.folder() / "template.sqlite3"
        with run.alone("template-sqlite"):
            if not template.exists():
                draft = run.folder() / "draft.sqlite3"
                migrate(settings_for(f"sqlite:///{draft}", instance))
                draft.rename(template)
        shutil.copy(template, path)
        self.url = f"sqlite:///{path}"
        self._from = sqlite3.connect(template)
        self._into = sqlite3.connect(path, isolation_level=None)
        self._into.execute("PRAGMA synchronous=OFF")

    def empty(self) -> None:
        """Back to the template."""
        self._from.backup(self._into)

    def close(self) -> None:
        """The process ends."""
        self._from.close()
        self._into.close()


class Postgresql(Database):
    """A copy of the template database; rows are deleted without triggers, as only a superuser can."""

    def __init__(self, instance: Path) -> None:
        server = postgres.shared()
        with run.alone("template-postgresql"):
            template = run.folder() / "template-postgresql"
            if not template.exists():
                url = server.create(TEMPLATE)
                migrate(settings_for(url, instance))
                _remember(url)
                template.touch()
            self.url = server.create(f"kroi_{os.getpid()}", TEMPLATE)
        self._connection = psycopg.connect(postgres.plain(self.url), autocommit=True)

    def empty(self) -> None:
        """Back to the template."""
        self._connection.execute("SELECT before.empty()")

    def close(self) -> None:
        """The process ends."""
        self._connection.close()


KINDS: dict[str, Callable[[Path], Database]] = {"sqlite": Sqlite, "postgresql": Postgresql}


def migrate(settings: Settings, *, dealerships: bool = True) -> None:
    """Bring the database of these settings to the newest schema, with dealerships A and B."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        if dealerships:
            _add_dealerships()
        session.remove()
        db.engine.dispose()


def dispose(app: Flask) -> None:
    """Close the application's connections and its files of figures."""
    app.extensions["kroi.metrics"].folder.close()
    with app.app_context():
        session.remove()
        engines.dispose(app)


def _add_dealerships() -> None:
    with across_dealerships(), transaction():
        for row in session.query(Dealership):
            session.delete(row)
        session.flush()
        for name in ("A", "B"):
            session.add(
                Dealership(
                    name=f"{name} Motors", host=f"{name.lower()}.test", phone="+358 40 000 0000", city="Espoo",
                    street="Teststreet 1", postal_code="02920", email=f"sales@{name.lower()}.test", opening_hours=HOURS,
                )
            )  # fmt: skip
            session.flush()


def _remember(url: str) -> None:
    """Keep the template's rows aside, and a function that brings the tables back to them."""
    lines = []
    with psycopg.connect(postgres.plain(url), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA before")
        for table in Model.metadata.sorted_tables:
            lines.append(f"IF EXISTS (SELECT FROM {table.name}) THEN DELETE FROM {table.name}; END IF;")
        connection.execute("CREATE TABLE before.dealerships AS TABLE dealerships")
        lines.append("INSERT INTO dealerships SELECT * FROM before.dealerships;")
        connection.execute(
            "CREATE FUNCTION before.empty() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica "
            f"AS $$ BEGIN {' '.join(lines)} END $$"
        )
