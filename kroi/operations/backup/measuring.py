"""What a PostgreSQL database holds: rows and checksums of each table, and the schema in words."""

import hashlib
from typing import Any

import psycopg
from psycopg import sql

from kroi.db.dialects import APP_ROLE
from kroi.operations.backup.rules import REVISION, Facts, Table

Connection = psycopg.Connection[tuple[Any, ...]]
_OURS = "nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND nspname NOT LIKE 'pg\\_%'"
_SCHEMA = (
    # columns
    "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
    "pg_get_expr(d.adbin, d.adrelid), c.relrowsecurity FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    f"WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND {_OURS}",
    # constraints, indexes, triggers, functions
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
    f"JOIN pg_namespace n ON n.oid = c.connamespace WHERE {_OURS}",
    "SELECT indexdef FROM pg_indexes i JOIN pg_namespace n ON n.nspname = i.schemaname WHERE " + _OURS,
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    f"SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OURS} "
    "AND p.prokind IN ('f', 'p') AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')",
    # who sees which rows
    "SELECT schemaname, tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies",
    "SELECT table_schema, table_name, privilege_type FROM information_schema.role_table_grants "
    f"WHERE grantee = '{APP_ROLE}'",
)


def measure(connection: Connection) -> Facts:
    """What the connection sees."""
    names = tables(connection)
    revision = ""
    if REVISION in names:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        revision = str(row[0]) if row else ""
    return Facts(
        {shown: _measure_table(connection, *name) for shown, name in names.items()},
        _schema(connection),
        revision,
        _sequences(connection),
    )


def tables(connection: Connection) -> dict[str, tuple[str, str]]:
    """Every table by the name it is shown under, with its schema and its name."""
    rows = connection.execute(
        "SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE relkind IN ('r', 'p') AND {_OURS} ORDER BY nspname, relname".encode()
    )
    return {name if schema == "public" else f"{schema}.{name}": (schema, name) for schema, name in rows}


def _measure_table(connection: Connection, schema: str, name: str) -> Table:
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 16))::bit(64)::bigint::numeric), 0)::text "
        "FROM ONLY {} t"
    ).format(sql.Identifier(schema, name))
    rows, checksum = connection.execute(query).fetchall()[0]
    return Table(int(rows), str(checksum))


def _schema(connection: Connection) -> str:
    lines = [sorted(map(repr, connection.execute(query.encode()))) for query in _SCHEMA]
    return hashlib.sha256(repr(lines).encode()).hexdigest()


def _sequences(connection: Connection) -> dict[str, int]:
    """Where each sequence stands; 0 when it was never used."""
    rows = connection.execute("SELECT schemaname || '.' || sequencename, coalesce(last_value, 0) FROM pg_sequences")
    return {str(name): int(value) for name, value in rows}
