"""The documented installation with somebody who restarts what dies, as systemd does, on a disk that can be full."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg

from tests.deploy import programs, units
from tests.deploy.conftest import furnish
from tests.deploy.installation import Installation, here
from tests.drill import jumps

AFTER = 1.0  # seconds, RestartSec of the units
_ROOM = "3g"
_LOOKS_EVERY = 0.05  # seconds
_TO_BE_THERE = 60.0  # seconds until a process that died has been followed by another


class House(Installation):
    """One machine. What is killed comes back by itself, unless it was ended in order."""

    fsync = "on"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.disk = folder / "disk"
        self.disk.mkdir()
        self.may_fill = mount(self.disk, _ROOM)
        self.clock = folder / "clock"
        jumps.write(self.clock, 0)
        self.environment |= {
            "KROI_INSTANCE": str(self.disk / "instance"),
            "INQUIRY_LIMIT": "1000000",  # all shoppers come from one address
            "DRILL_CLOCK": str(self.clock),
        }
        self.clocked = False
        self._started: dict[str, tuple[str, str, dict[str, str]]] = {}
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def begin(self) -> None:
        """Everything, with two dealerships and a few cars; from now on it is watched over."""
        self.start()
        furnish(self)
        self._watcher.start()

    def command(self, found: units.Unit, instance: str) -> list[str]:
        """As the unit says; with a clock that can jump, when that is wanted."""
        entry = "tests.drill.clocked:app" if self.clocked else "app:app"
        return [entry if word == "app:app" else word for word in super().command(found, instance)]

    def unit(self, name: str, instance: str = "", **settings: str) -> None:
        """Start it, and remember how if it is one that systemd restarts."""
        if name == "kroi-database.service":
            settings["PGDATA"] = str(self.disk / "data")
        if units.services()[name].keys.get("Service.Restart") == ["always"]:
            self._started[f"{name.partition('.')[0]}{instance}"] = (name, instance, settings)
        super().unit(name, instance, **settings)

    def kill(self, key: str) -> None:
        """End all processes of a unit with -9: each of PostgreSQL's leads a group of its own."""
        first = self.running[key].pid
        for pid in [first, *descendants_of(first)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_one_worker(self, port: int) -> None:
        """End one of the processes that serve on this port; the one above them stays and starts another."""
        until = time.monotonic() + _TO_BE_THERE
        while not (children := children_of(self.running[f"kroi-web@{port}"].pid)):
            if time.monotonic() > until:
                raise RuntimeError("there is no process to kill")
            time.sleep(_LOOKS_EVERY)
        os.kill(children[0], signal.SIGKILL)

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Rows from the database, past everything else."""
        with psycopg.connect(self.environment["DIRECT_DATABASE_URL"], connect_timeout=5) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def leads(self) -> list[tuple[int, str]]:
        """Number and reference of every question that is kept."""
        rows = self.ask("SELECT message, reference FROM leads")
        return [(int(str(message).split()[1]), str(reference)) for message, reference in rows]

    def spam(self) -> list[int]:
        """Numbers of the questions that were put aside; nobody who asks here gave a reason to."""
        return [
            int(str(message).split()[1]) for (message,) in self.ask("SELECT message FROM leads WHERE status='spam'")
        ]

    def feels_full(self) -> bool:
        """Is there no room for PostgreSQL? It may even be down for want of it."""
        try:
            with psycopg.connect(self.environment["DIRECT_DATABASE_URL"], connect_timeout=5) as connection:
                connection.execute("CREATE TEMP TABLE fill AS SELECT n, md5(n::text) FROM generate_series(1, 99999) n")
        except psycopg.OperationalError:
            return True
        return False

    def tried(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """A `flask` command that may fail."""
        return subprocess.run(
            programs.not_as_root(here([f"{units.INSTALLED}.venv/bin/flask", *arguments])), cwd=self.code,
            env=self.environment | settings, check=False, capture_output=True, text=True,
        )  # fmt: skip

    def begun(self, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        """A `flask` command in a group of its own, to be killed."""
        command = programs.not_as_root(here([f"{units.INSTALLED}.venv/bin/flask", *arguments]))
        return programs.start(command, self.folder / "begun.log", cwd=self.code, env=self.environment | settings)

    def remove(self) -> None:
        """End everything."""
        self._over.set()
        if self._watcher.is_alive():
            self._watcher.join()
        try:
            super().remove()
        finally:
            if self.may_fill:
                subprocess.run(["umount", "--lazy", str(self.disk)], check=False, capture_output=True)

    def _watch(self) -> None:
        gone: dict[str, float] = {}
        while not self._over.wait(_LOOKS_EVERY):
            for key, process in list(self.running.items()):
                if key in self._started and process.poll() is not None:
                    since = gone.setdefault(key, time.monotonic())
                    if time.monotonic() - since >= AFTER:
                        del gone[key]
                        self._again(key)

    def _again(self, key: str) -> None:
        """What systemd does when one of its units died."""
        name, instance, settings = self._started[key]
        found = units.services()[name]
        dead = self.running[key]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(dead.pid, signal.SIGKILL)
        self.running[key] = programs.start(
            programs.not_as_root(self.command(found, instance)), self.folder / f"{name}-{instance}.log",
            cwd=self.code, env={**self.environment, **found.environment(), **settings},
        )  # fmt: skip


def mount(folder: Path, size: str) -> bool:
    """Put a disk of its own there; may we? It needs root."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "kroi-drill", str(folder)]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def fill(folder: Path) -> None:
    """Not one more byte fits on the disk that `mount` put there."""
    for _ in range(20):  # somebody may write between looking and acting
        used = os.statvfs(folder)
        pages = used.f_blocks - used.f_bfree
        made = subprocess.run(
            ["mount", "-o", f"remount,size={pages * used.f_frsize}", str(folder)], check=False, capture_output=True
        )
        if made.returncode == 0 and os.statvfs(folder).f_bfree == 0:
            return
    raise RuntimeError("the disk would not be full")


def empty(folder: Path) -> None:
    """There is room again."""
    subprocess.run(["mount", "-o", f"remount,size={_ROOM}", str(folder)], check=True, capture_output=True)


def descendants_of(pid: int) -> list[int]:
    """Processes that this one started, and those that they started."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    with contextlib.suppress(OSError):  # it ended meanwhile
        found = [int(each) for each in path.read_text(encoding="ascii").split()]
        return found + [each for child in found for each in descendants_of(child)]
    return []


def children_of(pid: int) -> list[int]:
    """Processes that this one started to do its work."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(each) for each in path.read_text(encoding="ascii").split()] if path.exists() else []
    return [each for each in found if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()]
