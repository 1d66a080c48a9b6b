"""Makes and removes a dealership's login for reports, on PostgreSQL."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from kroi.core.errors import Conflict
from kroi.db import dialects
from kroi.db.model import db
from kroi.operations.reporting import rules

Connection = psycopg.Connection[Any]
_LONGEST = 63  # characters of a name
_MOST_CONNECTIONS = 5
_MANNERS = (
    "default_transaction_read_only = on", "statement_timeout = '60s'", "idle_in_transaction_session_timeout = '60s'",
    "search_path = reports",
)  # fmt: skip
# The dealership stands in the login's name, which a session cannot change; a setting it could.
_OURS = (
    "dealership_id = (SELECT substr(current_user::text, length(current_database()) + length('_reports_') + 1)::integer"
    " WHERE starts_with(current_user::text, current_database() || '_reports_'))"
)


class Login(NamedTuple):
    """How a report tool signs in. The password is stored nowhere."""

    name: str
    password: str
    database: str


def give(dealership_id: int) -> Login:
    """A login with a new password; one that was there has no other from now on. Raises Conflict."""
    with _owner() as connection:
        name = _name(connection, dealership_id)
        password = secrets.token_urlsafe(24)
        _make_group(connection)
        _show(connection)
        verb = "ALTER" if _exists(connection, name) else "CREATE"
        _say(connection, f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE INHERIT", name)
        kept = _as_it_is_kept(connection, name, password)
        _say(connection, f"ALTER ROLE {{}} CONNECTION LIMIT {_MOST_CONNECTIONS} PASSWORD", name, value=kept)
        _say(connection, "GRANT {} TO {}", dialects.REPORTS_ROLE, name)
        _say(connection, "REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", connection.info.dbname)
        _say(connection, "GRANT CONNECT ON DATABASE {} TO {}", connection.info.dbname, dialects.REPORTS_ROLE)
        for setting in _MANNERS:
            _say(connection, f"ALTER ROLE {{}} SET {setting}", name)
        return Login(name, password, connection.info.dbname)


def take(dealership_id: int) -> str:
    """Remove the dealership's login; its name. Raises Conflict when there is none."""
    with _owner() as connection:
        name = _name(connection, dealership_id)
        if not _exists(connection, name):
            raise Conflict("This dealership has no login for reports.")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [name])
        _say(connection, "GRANT {} TO CURRENT_USER", name)
        _say(connection, "DROP OWNED BY {}", name)  # large objects: whatever may sign in may make some
        _say(connection, "DROP ROLE {}", name)
        return name


@contextmanager
def _owner() -> Iterator[Connection]:
    """The owner of the tables, in one transaction: all of it or nothing."""
    if not dialects.is_postgresql(db.engine):
        raise Conflict("SQLite has no logins. Logins for reports need PostgreSQL.")
    with dialects.apart(db.engine) as found:
        connection: Any = found.connection.driver_connection
        try:
            with connection.transaction():
                yield connection
        except psycopg.errors.InsufficientPrivilege as error:
            raise Conflict(f"The database's user may not do this: {error.diag.message_primary}.") from None


def _name(connection: Connection, dealership_id: int) -> str:
    name = rules.login(connection.info.dbname, dealership_id)
    if len(name) > _LONGEST:
        raise Conflict(f"The database's name is too long for a login: {name} has more than {_LONGEST} characters.")
    return name


def _as_it_is_kept(connection: Connection, name: str, password: str) -> str:
    """The server's log and its statistics of statements may hold what it is told: so it is never told the password."""
    return connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()


def _make_group(connection: Connection) -> None:
    if not _exists(connection, dialects.REPORTS_ROLE):
        _say(connection, "CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS", dialects.REPORTS_ROLE)


def _show(connection: Connection) -> None:
    """Rights on the columns, row security by the login's name, and views that need no list of columns."""
    _say(connection, "CREATE SCHEMA IF NOT EXISTS {}", rules.SCHEMA)
    _say(connection, "GRANT USAGE ON SCHEMA {}, public TO {}", rules.SCHEMA, dialects.REPORTS_ROLE)
    for table, columns in rules.SEEN.items():
        listed = sql.SQL(", ").join(map(sql.Identifier, (rules.OWNER, *columns)))
        _say(connection, "REVOKE ALL ON public.{} FROM {}", table, dialects.REPORTS_ROLE)
        grant = sql.SQL("GRANT SELECT ({}) ON public.{} TO {}")
        connection.execute(grant.format(listed, sql.Identifier(table), sql.Identifier(dialects.REPORTS_ROLE)))
        _say(connection, "DROP POLICY IF EXISTS {} ON public.{}", f"{table}_reports", table)
        _say(
            connection, f"CREATE POLICY {{}} ON public.{{}} FOR SELECT TO {{}} USING ({_OURS})",
            f"{table}_reports", table, dialects.REPORTS_ROLE,
        )  # fmt: skip
        _say(connection, "DROP VIEW IF EXISTS {}.{}", rules.SCHEMA, table)
        view = sql.SQL("CREATE VIEW {}.{} WITH (security_invoker = true) AS SELECT {} FROM public.{}")
        names = sql.Identifier(rules.SCHEMA), sql.Identifier(table), listed, sql.Identifier(table)
        connection.execute(view.format(*names))
        _say(connection, "GRANT SELECT ON {}.{} TO {}", rules.SCHEMA, table, dialects.REPORTS_ROLE)


def _exists(connection: Connection, role: str) -> bool:
    return connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _say(connection: Connection, words: str, *names: str, value: str | None = None) -> None:
    statement = sql.SQL(words).format(*map(sql.Identifier, names))
    connection.execute(statement if value is None else statement + sql.SQL(" ") + sql.Literal(value))
