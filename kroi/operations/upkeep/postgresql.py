"""Looking at PostgreSQL, and tidying it: nothing here makes a reader or a writer wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from kroi.core.errors import Conflict
from kroi.operations.upkeep.rules import Cell, Index, Look, Size, unused

Connection = psycopg.Connection[tuple[Any, ...]]
_TABLES = """
SELECT s.relname, s.n_live_tup, pg_table_size(s.relid), pg_indexes_size(s.relid), s.n_dead_tup,
       to_char(greatest(s.last_vacuum, s.last_autovacuum) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
FROM pg_stat_user_tables s WHERE s.schemaname = 'public' ORDER BY s.relname
"""
_INDEXES = """
SELECT s.indexrelname, s.relname, pg_relation_size(s.indexrelid), s.idx_scan, i.indisunique
FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid) WHERE s.schemaname = 'public' ORDER BY s.indexrelname
"""
_CONNECTIONS = """
SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() GROUP BY 1
"""
_WAITING = """
SELECT a.pid, round(extract(epoch FROM clock_timestamp() - a.state_change))::int AS seconds, l.locktype AS lock,
       l.relation::regclass::text AS "table", pg_blocking_pids(a.pid)::text AS behind
FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid AND NOT l.granted WHERE a.datname = current_database()
"""
_RUNNING = """
SELECT pid, state, round(extract(epoch FROM clock_timestamp() - xact_start))::int AS seconds
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND xact_start < clock_timestamp() - interval '5 seconds' ORDER BY xact_start LIMIT 10
"""
_STATEMENTS = """
SELECT round(mean_exec_time)::int AS mean_ms, calls, left(regexp_replace(query, '\\s+', ' ', 'g'), 120) AS statement
FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
AND mean_exec_time > 200 ORDER BY total_exec_time DESC LIMIT 10
"""
_HITS = "SELECT blks_hit, blks_read FROM pg_stat_database WHERE datname = current_database()"
_BROKEN = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
_BROKEN_OF = """
SELECT n.nspname, i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = i.relnamespace JOIN pg_class t ON x.indrelid IN (t.oid, t.reltoastrelid)
WHERE NOT x.indisvalid AND t.relname = %(table)s AND t.relnamespace = 'public'::regnamespace
"""
_COUNTED_SINCE = """
SELECT to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM pg_stat_database
WHERE datname = current_database()
"""


def look(url: str) -> Look:
    """What the server counts."""
    with _connected(url) as connection:
        tables = [Size(*row) for row in connection.execute(_TABLES)]
        indexes = [Index(*row) for row in connection.execute(_INDEXES)]
        hit, read = connection.execute(_HITS).fetchall()[0]
        slow, notes = _slow(connection)
        notes.append(f"Use of indexes is counted since {_one(connection, _COUNTED_SINCE) or 'the database was made'}")
        notes += [f"{name} is broken: flask ops upkeep --reindex mends it" for (name,) in connection.execute(_BROKEN)]
        return Look(
            engine="postgresql",
            version=str(connection.info.parameter_status("server_version")),
            bytes=int(_one(connection, "SELECT pg_database_size(current_database())")),
            free_bytes=sum(_dead_bytes(each) for each in tables),
            tables=tables,
            indexes=indexes,
            unused=unused(indexes),
            connections={str(state): int(number) for state, number in connection.execute(_CONNECTIONS)},
            connections_most=int(_one(connection, "SHOW max_connections")),
            waiting=_dicts(connection, _WAITING),
            hit_rate=hit / (hit + read) if hit + read else None,
            slow=slow,
            notes=notes,
        )


def _dead_bytes(table: Size) -> int:
    """What its dead rows take, when they are as long as the others."""
    dead = table.dead_rows or 0
    return table.table_bytes * dead // (table.rows + dead) if dead else 0


def _slow(connection: Connection) -> tuple[list[dict[str, Cell]], list[str]]:
    found = _dicts(connection, _RUNNING)
    if not _one(connection, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'"):
        return found, ["pg_stat_statements is not installed, so only what runs right now is known to be slow"]
    return found + _dicts(connection, _STATEMENTS), []


def vacuum(url: str, table: str) -> None:
    """Dead rows become room for new ones, and the planner learns what is there.

    Raises Conflict when the server skipped it, because somebody holds it or we may not; it says that as a warning only.
    """
    with _connected(url) as connection:
        warned: list[str] = []
        connection.add_notice_handler(lambda said: warned.append(said.message_primary or ""))
        connection.execute(sql.SQL("VACUUM (ANALYZE, SKIP_LOCKED) {}").format(sql.Identifier("public", table)))
    if warned:
        raise Conflict(warned[0])


def reindex(url: str, table: str) -> None:
    """Every index of a table anew, beside the old ones, which serve meanwhile.

    The server passes over those that are broken: what an attempt that was cut off left is dropped, others are made.
    Raises Conflict for one that we may not drop.
    """
    with _connected(url) as connection:
        connection.execute(sql.SQL("REINDEX TABLE CONCURRENTLY {}").format(sql.Identifier("public", table)))
        for schema, name in connection.execute(_BROKEN_OF, {"table": table}).fetchall():
            _mend(connection, schema, name)


def _mend(connection: Connection, schema: str, name: str) -> None:
    left = name.rsplit("_", 1)[-1].startswith(("ccnew", "ccold"))
    what = sql.SQL("DROP INDEX CONCURRENTLY {}" if left else "REINDEX INDEX CONCURRENTLY {}")
    words = what.format(sql.Identifier(schema, name))
    try:
        connection.execute(words)
    except psycopg.errors.InsufficientPrivilege:  # the index of a table's long texts lies in a schema of the server's
        raise Conflict(f"a superuser must say {words.as_string()}") from None


def _dicts(connection: Connection, query: str) -> list[dict[str, Cell]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode()).fetchall()


def _one(connection: Connection, query: str) -> Any:
    return connection.execute(query.encode()).fetchall()[0][0]


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """In no transaction: neither VACUUM nor CONCURRENTLY may be in one. Rather not done than somebody waits."""
    with psycopg.connect(url, autocommit=True, options="-c statement_timeout=0 -c lock_timeout=5s") as connection:
        yield connection
