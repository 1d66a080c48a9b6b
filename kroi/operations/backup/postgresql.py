"""PostgreSQL: dumped in one snapshot with the facts about it, restored into a new database, swapped by renaming."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from kroi.core.errors import Conflict
from kroi.db.dialects import APP_ROLE, REPORTS_ROLE
from kroi.operations.backup import measuring, programs, rules
from kroi.operations.backup.rules import REVISION, Facts

Connection = psycopg.Connection[tuple[Any, ...]]
_SCRATCH = "kroi_scratch_"
_SWAPS = 10  # times that we try to be alone with the database


class PostgresqlScratch:
    """A restored database, and the live one that it may replace."""

    def __init__(self, live: "Postgresql", name: str) -> None:
        self._live = live
        self._name = name

    def facts(self) -> Facts:
        """What it holds."""
        with connect(self._live.url_of(self._name)) as connection:
            return measuring.measure(connection)

    def take_over(self) -> None:
        """Both databases change names in one transaction; who was connected is cut off and connects again."""
        old = f"{self._live.name}_old_{secrets.token_hex(4)}"
        with self._live.maintenance() as connection:
            for _attempt in range(_SWAPS):
                try:
                    with connection.transaction():  # from the first rename on, who comes waits until we are done
                        _cut_off(connection, self._live.name, self._name)
                        connection.execute(_say("ALTER DATABASE {} RENAME TO {}", self._live.name, old))
                        connection.execute(_say("ALTER DATABASE {} RENAME TO {}", self._name, self._live.name))
                    break
                except psycopg.errors.ObjectInUse:
                    continue  # somebody was quicker than the rename
            else:
                raise Conflict("The database is in use. Stop Kroi and try again.")
            connection.execute(_say("DROP DATABASE {} WITH (FORCE)", old))


class Postgresql:
    """The live database; `url` is its owner's, in PostgreSQL's own spelling."""

    engine = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url
        with connect(url) as connection:
            self.name = connection.info.dbname
            self._major = connection.info.server_version // 10_000
            self._version = connection.info.server_version

    def server(self) -> str:
        """The server's version."""
        return f"{self._major}.{self._version % 10_000}"

    def dump(self, folder: Path, *, compress: bool, schema_only: bool = False) -> tuple[Path, Facts]:
        """A dump, and the facts of the same snapshot; nobody waits meanwhile."""
        target = folder / "database.dump"
        with connect(self._url) as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = str(_one(connection, "SELECT pg_export_snapshot()"))
            facts = measuring.measure(connection)  # first: sequences stand outside snapshots and only move on
            options = ["--format=custom", f"--compress={6 if compress else 0}", f"--snapshot={snapshot}"]
            options.append("-B")  # no large objects: we have none, and any login may make one that we may not read
            if schema_only:
                others = [each for name, each in measuring.tables(connection).items() if name != REVISION]
                options += [f'--exclude-table-data="{schema}"."{table}"' for schema, table in others]
                options += [f"--exclude-table-data={name}" for name in facts.sequences]
                facts = rules.emptied(facts, but=REVISION)
            programs.run("pg_dump", self._major, self._url, *options, f"--file={target}")
        return target, facts

    @contextmanager
    def scratch(self, dump: Path, folder: Path) -> Iterator[PostgresqlScratch]:
        """The dump in a database of its own. It is dropped afterwards, unless it has taken the live one's name."""
        name = f"{_SCRATCH}{secrets.token_hex(4)}"
        with self.maintenance() as guard:
            _drop_left_behind(guard)
            guard.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # held until we are done, or die
            _create(guard, name, self.name)
            try:
                options = ["--no-owner", "--exit-on-error", f"--dbname={name}", str(dump)]
                programs.run("pg_restore", self._major, self.url_of(name), *options)
                yield PostgresqlScratch(self, name)
            finally:
                with self.maintenance() as connection:
                    connection.execute(_say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))

    def is_empty(self) -> bool:
        """Has the live database no tables?"""
        with connect(self._url) as connection:
            return not measuring.tables(connection)

    def facts(self) -> Facts:
        """What the live database holds."""
        with connect(self._url) as connection:
            return measuring.measure(connection)

    def url_of(self, name: str) -> str:
        """Another database on the same server."""
        return make_conninfo(self._url, dbname=name)

    @contextmanager
    def maintenance(self) -> Iterator[Connection]:
        """A connection to another database of the server, from which ours can be renamed."""
        try:
            connection = connect(self.url_of("postgres"))
        except psycopg.OperationalError:
            connection = connect(self.url_of("template1"))
        with connection:
            try:
                yield connection
            except psycopg.errors.InsufficientPrivilege as error:
                raise Conflict(f"The database's user may not do this: {error.diag.message_primary}.") from None


def _drop_left_behind(connection: Connection) -> None:
    """Databases of restores that died: nobody holds their locks any more."""
    names = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_SCRATCH]).fetchall()
    for (name,) in names:
        if _one(connection, "SELECT pg_try_advisory_lock(hashtext(%s))", name):
            connection.execute(_say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
            connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def _create(connection: Connection, name: str, like: str) -> None:
    """An empty database that sorts like the live one, and the roles that its rights speak of."""
    for role in (APP_ROLE, REPORTS_ROLE):
        if not _one(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", role):
            connection.execute(_say("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS", role))
            connection.execute(_say("GRANT {} TO CURRENT_USER", role))
    provider, collate, ctype, locale = connection.execute(
        "SELECT datlocprovider, datcollate, datctype, "
        "coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale') FROM pg_database d WHERE datname = %s",
        [like],
    ).fetchall()[0]
    words = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}").format(
        sql.Identifier(name), sql.Literal(collate), sql.Literal(ctype)
    )
    if provider in ("b", "i"):
        kind = sql.SQL("builtin BUILTIN_LOCALE" if provider == "b" else "icu ICU_LOCALE")
        words += sql.SQL(" LOCALE_PROVIDER {} {}").format(kind, sql.Literal(locale))
    connection.execute(words)
    _give_rights(connection, name, like)


def _give_rights(connection: Connection, name: str, like: str) -> None:
    """Whoever may connect to the live database may connect to the new one, and nobody else: no dump says so."""
    if _one(connection, "SELECT datacl IS NULL FROM pg_database WHERE datname = %s", like):
        return
    connection.execute(_say("REVOKE ALL ON DATABASE {} FROM PUBLIC", name))
    rights = connection.execute(
        "SELECT privilege_type, rolname FROM pg_database, aclexplode(datacl) LEFT JOIN pg_roles r ON r.oid = grantee "
        "WHERE datname = %s AND grantee <> datdba",
        [like],
    ).fetchall()
    for right, role in rights:
        whom = sql.Identifier(role) if role else sql.SQL("PUBLIC")
        connection.execute(sql.SQL("GRANT {} ON DATABASE {} TO {}").format(sql.SQL(right), sql.Identifier(name), whom))


def _cut_off(connection: Connection, *names: str) -> None:
    """End every connection to these databases."""
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)", [list(names)])


def connect(conninfo: str) -> Connection:
    """A connection that no time limit of ours ends; times are UTC."""
    connection = psycopg.connect(conninfo, autocommit=True)
    connection.execute("SELECT set_config('statement_timeout', '0', false), set_config('timezone', 'UTC', false)")
    return connection


def _one(connection: Connection, query: Any, *values: str) -> object:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


def _say(words: Any, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*map(sql.Identifier, names))
