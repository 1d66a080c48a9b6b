"""Rows into a database as fast as it takes them: without indexes, by the driver, and the indexes after."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import Dialect

from kroi.db.model import Model
from tests.support.postgres import plain

Values = tuple[Any, ...]


class Encoder:
    """Rows given by column as tuples that the driver takes: defaults filled in, values as the column stores them."""

    def __init__(self, model: type[Model], names: Iterable[str], dialect: Dialect) -> None:
        columns = sa.inspect(model).local_table.c
        wanted = set(names)
        kept = [each for each in columns if each.name in wanted or each.default is not None]
        self.names = [each.name for each in kept]
        self._defaults = {each.name: each.default for each in kept}
        self._processors = [each.type.dialect_impl(dialect).bind_processor(dialect) for each in kept]

    def encode(self, row: dict[str, Any]) -> Values:
        """One row."""
        values = (row[name] if name in row else self._default(name) for name in self.names)
        return tuple(
            processor(value) if processor and value is not None else value
            for processor, value in zip(self._processors, values, strict=True)
        )

    def _default(self, name: str) -> Any:
        default: Any = self._defaults[name]
        if default is None:
            return None
        return default.arg(None) if default.is_callable else default.arg


class Writer(Protocol):
    """Takes encoded rows, then makes the indexes and tells the planner."""

    def write(self, model: type[Model], names: Sequence[str], rows: Iterable[Values]) -> None:
        """Add rows."""

    def finish(self) -> None:
        """Nothing more comes."""


class SqliteWriter:
    """A file that nobody else looks at meanwhile: no journal, no waiting for the disk."""

    def __init__(self, path: Path, models: Sequence[type[Model]]) -> None:
        self._engine, self._models = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool), models
        _drop_indexes(self._engine, models)
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "locking_mode=EXCLUSIVE"):
            self._connection.execute(f"PRAGMA {pragma}")

    def write(self, model: type[Model], names: Sequence[str], rows: Iterable[Values]) -> None:
        """Add rows in one transaction."""
        marks = ", ".join("?" * len(names))
        self._connection.execute("BEGIN")
        self._connection.executemany(f"INSERT INTO {model.__tablename__} ({', '.join(names)}) VALUES ({marks})", rows)
        self._connection.execute("COMMIT")

    def finish(self) -> None:
        """Make the indexes; nobody runs ANALYZE on a dealer's SQLite, so we do not either."""
        self._connection.close()
        with self._engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA cache_size=-400000")
            _create_indexes(connection, self._models)
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")


class PostgresqlWriter:
    """By COPY, as superuser, without foreign key checks: the generator keeps them."""

    def __init__(self, url: str, models: Sequence[type[Model]]) -> None:
        self._engine, self._models = sa.create_engine(url, poolclass=sa.NullPool), models
        _drop_indexes(self._engine, models)
        self._connection = psycopg.connect(plain(url), autocommit=True)
        self._connection.execute("SET session_replication_role = replica")
        self._connection.execute("SET synchronous_commit = off")

    def write(self, model: type[Model], names: Sequence[str], rows: Iterable[Values]) -> None:
        """Add rows."""
        table, columns = sql.Identifier(model.__tablename__), sql.SQL(", ").join(map(sql.Identifier, names))
        with self._connection.cursor() as cursor:
            with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)) as copy:
                for row in rows:
                    copy.write_row(row)

    def finish(self) -> None:
        """Make the indexes and the statistics, as autovacuum would; keys go on behind the last one."""
        self._connection.close()
        with self._engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
            _create_indexes(connection, self._models)
            for model in self._models:
                table = model.__tablename__
                last = f"(SELECT coalesce(max(id), 1) FROM {table})"
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _indexes(models: Sequence[type[Model]]) -> Iterable[sa.Index]:
    for model in models:
        table: Any = sa.inspect(model).local_table
        yield from table.indexes


def _drop_indexes(engine: sa.Engine, models: Sequence[type[Model]]) -> None:
    with engine.begin() as connection:
        for index in _indexes(models):
            index.drop(connection, checkfirst=True)


def _create_indexes(connection: sa.Connection, models: Sequence[type[Model]]) -> None:
    for index in _indexes(models):
        index.create(connection)
