"""Rows of a PostgreSQL database."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from kroi.operations.rows import rules, tables
from kroi.operations.rows.rules import Kind, Row

Connection = psycopg.Connection[tuple[Any, ...]]
_BATCH = 2_000  # rows at a time
_SPELLED = {
    Kind.MOMENT: "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    Kind.DAY: "{}::text",
    Kind.JSON: "{}::text",
}


class PostgresqlRows:
    """Reads and writes through one connection, whose transactions are the caller's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, table: sa.Table) -> int:
        """Rows of a table."""
        row = self._connection.execute(sql.SQL("SELECT count(*) FROM {}").format(_name(table))).fetchone()
        return int(row[0]) if row else 0

    def read(self, table: sa.Table, dealership_id: int | None = None) -> Generator[Row]:
        """Rows of a table by number, a batch at a time; all, or one dealership's."""
        columns = zip(tables.names(table), tables.kinds(table), strict=True)
        spelled = [sql.SQL(_SPELLED.get(kind, "{}")).format(sql.Identifier(name)) for name, kind in columns]
        query = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(spelled), _name(table))
        query += _of(table, dealership_id)
        with self._connection.cursor(name="kroi_rows") as cursor:
            cursor.itersize = _BATCH
            found = cursor.execute(query + sql.SQL(" ORDER BY id"))
            yield from rules.respelled(found, tables.kinds(table), rules.FROM_POSTGRESQL)

    def write(self, table: sa.Table, rows: Iterable[Row]) -> None:
        """Add rows; what the planner must know of them it learns at once, for later tables refer to them."""
        columns = sql.SQL(", ").join(map(sql.Identifier, tables.names(table)))
        words = sql.SQL("COPY {} ({}) FROM STDIN").format(_name(table), columns)
        with self._connection.cursor() as cursor:
            with cursor.copy(words) as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(sql.SQL("ANALYZE {}").format(_name(table)))

    def clear(self, table: sa.Table, dealership_id: int | None = None) -> int:
        """Remove all rows, or one dealership's; how many."""
        return self._connection.execute(
            sql.SQL("DELETE FROM {}").format(_name(table)) + _of(table, dealership_id)
        ).rowcount

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """In the block rows may also leave tables that are only added to; undone with the transaction."""
        locks = self._connection.execute(
            "SELECT relname, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid "
            "WHERE NOT tgisinternal AND right(tgname, 11) = '_only_added'"
        ).fetchall()
        for switched in ("DISABLE", "ENABLE"):
            for table, name in locks:
                words = sql.SQL("ALTER TABLE {} {} TRIGGER {}")
                self._connection.execute(
                    words.format(sql.Identifier("public", table), sql.SQL(switched), sql.Identifier(name))
                )
            if switched == "DISABLE":
                yield

    def finish(self) -> None:
        """Every sequence stands behind the highest number that was given."""
        for table in tables.parents_first():
            self._connection.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, 'id'), greatest(max(id), 1), max(id) IS NOT NULL) FROM {}"
                ).format(sql.Literal(f"public.{table.name}"), _name(table))
            )


def _of(table: sa.Table, dealership_id: int | None) -> sql.Composable:
    if dealership_id is None:
        return sql.SQL("")
    owner = sql.Identifier(tables.owner_column(table))
    return sql.SQL(" WHERE {} = {}").format(owner, sql.Literal(dealership_id))


def _name(table: sa.Table) -> sql.Identifier:
    return sql.Identifier("public", table.name)
