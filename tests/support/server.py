"""Kroi as it really runs: granian and the worker in processes of their own, which can be killed like by an accident."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.support import run
from tests.support.databases import migrate, settings_for
from tests.support.postgres import shared

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
_PATIENCE = 60  # seconds for a start on a busy machine
OTHER_SETTINGS = ("REDIS_URL", "SMTP_URL", "MEDIA_URL", "BACKUP_URL", "DIRECT_DATABASE_URL", "TRUSTED_PROXIES")


class Server:
    """One installation with its own folder, database and port. Its one dealership answers under any host name."""

    def __init__(self, folder: Path, engine: str = "sqlite", **settings: str) -> None:
        self.instance, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = _fresh_database(folder, engine)
        self.environment = {
            **os.environ,
            **dict.fromkeys(OTHER_SETTINGS, ""),  # a developer's .env has no say here
            "KROI_ENV": "test",
            "KROI_INSTANCE": str(folder),
            "SECRET_KEY": "served-" * 6,
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "DATABASE_URL": self.database_url,
            "BCRYPT_COST": "4",
            **settings,
        }
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, *, processes: int = 1, worker: bool = False, threads: int = 1) -> None:
        """Serve, and wait until it answers."""
        self._launch(
            "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws",
            "--workers", str(processes), "--blocking-threads", str(threads), "--workers-kill-timeout", "9",
            "--respawn-failed-workers", "--log-level", "warning", "app:app",
        )  # fmt: skip
        if worker:
            self._launch("flask", "worker")
        self._wait()

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command of this installation; its output, or a CalledProcessError."""
        made = subprocess.run(
            [BIN / "flask", *arguments], cwd=ROOT, env=self.environment, check=False, capture_output=True, text=True
        )
        assert made.returncode == 0, f"flask {' '.join(arguments)}: {made.stdout}{made.stderr}"
        return made.stdout

    def kill(self) -> None:
        """End everything with -9, as an accident would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End everything as a person would."""
        self._end(signal.SIGTERM)

    def said(self) -> str:
        """What the processes wrote."""
        return (self.instance / "server.log").read_text(encoding="utf-8", errors="replace")

    @property
    def pids(self) -> list[int]:
        """The processes that were started (granian's own workers are their children)."""
        return [process.pid for process in self._running]

    def _launch(self, program: str, *arguments: str) -> None:
        with (self.instance / "server.log").open("ab") as log:
            self._running.append(
                subprocess.Popen(
                    [BIN / program, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                    stdin=subprocess.DEVNULL, start_new_session=True,
                )
            )  # fmt: skip

    def _wait(self) -> None:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if any(process.poll() is not None for process in self._running):
                break
            if _answers(f"{self.url}/api/health"):
                return
            time.sleep(0.05)
        said = self.said()
        self.kill()
        raise RuntimeError(f"the server did not start:\n{said}")

    def _end(self, how: signal.Signals) -> None:
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                if how is signal.SIGKILL:
                    os.killpg(process.pid, how)
                else:
                    process.send_signal(how)
        for process in self._running:
            process.wait(timeout=30)
        self._running = []


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fresh_database(folder: Path, engine: str) -> str:
    """A migrated database with the one dealership of a new installation."""
    if engine == "sqlite":
        url = f"sqlite:///{folder / 'kroi.sqlite3'}"
        migrate(settings_for(url, folder), dealerships=False)
        return url
    server, template = shared(), run.folder() / "fresh-postgresql"
    with run.alone("fresh-postgresql"):
        if not template.exists():
            migrate(settings_for(server.create("kroi_fresh"), folder), dealerships=False)
            template.touch()
        return server.create(f"kroi_served_{os.getpid()}_{free_port()}", "kroi_fresh")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status < 500)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code != 503
    except OSError:
        return False
