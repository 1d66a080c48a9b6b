"""Kroi as docs/deploy.md installs it: what the systemd units start, behind nginx, on PostgreSQL, PgBouncer, Valkey."""

import os
import re
import secrets
import signal
import subprocess
import sys
from pathlib import Path

from tests.deploy import programs, units
from tests.deploy.visitor import Visitor
from tests.support.postgres import BIN as POSTGRES
from tests.support.server import OTHER_SETTINGS, free_port
from tests.support.source import ROOT
from tests.support.valkey import Valkey

BIN = Path(sys.executable).parent
PASSWORD = "Correct-Horse-91-Staple"


class Installation:
    """One machine with everything on it. `start()` follows the guide from the database to the proxy.

    On SQLite it is the guide's small dealership; `code` is the folder that Kroi runs from.
    """

    fsync = "off"  # a test's data need not outlive a power cut

    def __init__(self, folder: Path, engine: str = "postgresql", code: Path = ROOT) -> None:
        self.folder, self.engine, self.code = folder, engine, code
        self.valkey = Valkey()
        self.plain, self.tls, self.bouncer, self.database = (free_port() for _ in range(4))
        self.webs = (free_port(), free_port())
        self.url = f"https://localhost:{self.tls}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = self._environment(secrets.token_urlsafe(24))

    def start(self) -> None:
        """Databases, schema, web servers, worker, proxy."""
        if self.engine == "postgresql":
            self._start_databases()
        self.flask("db", "upgrade")
        for port in self.webs:
            self.start_web(port)
        self.unit("kroi-worker.service")
        self.running["nginx"] = programs.nginx(self.folder, plain=self.plain, tls=self.tls, webs=self.webs)

    def start_web(self, port: int) -> None:
        """One of the web servers, until it says that it is well."""
        self.unit("kroi-web@.service", str(port))

    def unit(self, name: str, instance: str = "", **settings: str) -> None:
        """What systemd does for this unit, with some settings of our own."""
        found = units.services()[name]
        environment = {**self.environment, **found.environment(), **settings}
        log = self.folder / f"{name}-{instance}.log"
        key = f"{name.partition('.')[0]}{instance}"
        command = programs.not_as_root(self.command(found, instance))
        self.running[key] = programs.start(command, log, cwd=self.code, env=environment)
        if "Service.ExecStartPost" in found.keys:
            ready = here(found.command("Service.ExecStartPost", instance=instance))
            made = subprocess.run(ready, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
            assert made.returncode == 0, made.stderr + log.read_text(errors="replace")

    def command(self, found: units.Unit, instance: str) -> list[str]:
        """What systemd would run."""
        return here(found.command(instance=instance))

    def end(self, key: str, how: signal.Signals = signal.SIGTERM) -> int:
        """End one part as systemd does, and answer its exit code."""
        return programs.end(self.running.pop(key), how)

    def flask(self, *arguments: str) -> str:
        """A `flask` command as the guide has it."""
        made = subprocess.run(
            [BIN / "flask", *arguments], cwd=self.code, env=self.environment, check=False, capture_output=True,
            text=True,
        )  # fmt: skip
        assert made.returncode == 0, f"flask {' '.join(arguments)}: {made.stdout}{made.stderr}"
        return made.stdout

    def visitor(self, host: str = "localhost") -> Visitor:
        """Somebody at the proxy."""
        return Visitor(self.tls, self.folder / "tls" / "fullchain.pem", host)

    def said(self) -> str:
        """What all parts wrote."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def remove(self) -> None:
        """End everything."""
        for key in reversed(list(self.running)):
            self.end(key)
        self.valkey.remove()

    def _start_databases(self) -> None:
        places = {
            "/opt/kroi/scripts/wal ": f"{sys.executable} {ROOT}/scripts/wal.py ",
            "fsync = on": f"fsync = {self.fsync}",
        }
        conf, sockets = self.folder / "kroi.conf", self.folder / "s"
        conf.write_text(programs.documented("postgresql/kroi.conf", places), encoding="utf-8")
        sockets.mkdir()
        self.unit(
            "kroi-database.service", PATH=f"{POSTGRES}:{os.environ['PATH']}", PGPORT=str(self.database),
            PGDATA=str(self.folder / "data"), SOCKETS=str(sockets), POSTGRESQL_CONF=str(conf),
        )  # fmt: skip
        log = self.folder / "kroi-database.service-.log"
        programs.wait_for_port(self.database, self.running["kroi-database"], log)
        self.running["pgbouncer"] = programs.pgbouncer(
            self.folder, self.bouncer, self.database, self.environment["DATABASE_PASSWORD"]
        )
        self.valkey.start()

    def _environment(self, password: str) -> dict[str, str]:
        ours = {
            **os.environ,
            **dict.fromkeys(OTHER_SETTINGS, ""),
            "DATABASE_URL": "",
            "KROI_ENV": "production",
            "KROI_INSTANCE": str(self.folder / "instance"),
            "PUBLIC_URL": self.url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TRUSTED_PROXIES": "1",
        }
        if self.engine == "sqlite":
            return ours
        return ours | {
            "DATABASE_URL": f"postgresql://kroi:{password}@127.0.0.1:{self.bouncer}/kroi",
            "DIRECT_DATABASE_URL": f"postgresql://kroi:{password}@127.0.0.1:{self.database}/kroi",
            "DATABASE_PASSWORD": password,
            "REDIS_URL": self.valkey.url,
        }


def here(command: list[str]) -> list[str]:
    """A unit's command with this environment's programs instead of the installed ones."""
    program = re.sub(rf"^{units.INSTALLED}\.venv/bin/", f"{BIN}/", command[0])
    return [program.replace(units.INSTALLED, f"{ROOT}/"), *command[1:]]
