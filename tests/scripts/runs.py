"""`scripts/run` as a person starts it: its own folder and port, what it says, and an end by a signal."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.server import OTHER_SETTINGS, ROOT, free_port

PATIENCE = 120  # seconds for a first start on a busy machine


class Run:
    """One start of `scripts/run`; `said` holds what it wrote."""

    def __init__(self, instance: Path, **settings: str) -> None:
        self.port = int(settings.pop("PORT", free_port()))
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = instance / "run.log"
        environment = {
            **os.environ, **dict.fromkeys(OTHER_SETTINGS, ""), "DATABASE_URL": "", "PUBLIC_URL": "", "SECRET_KEY": "",
            "KROI_ENV": "development", "KROI_INSTANCE": str(instance), "PORT": str(self.port), **settings,
        }  # fmt: skip
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [ROOT / "scripts" / "run"], env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    @property
    def said(self) -> str:
        """What it wrote so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def waits_for(self, words: str) -> str:
        """Wait until it has said this, and answer all that it said."""
        until = time.monotonic() + PATIENCE
        while words not in self.said:
            assert self.process.poll() is None, f"it ended before it said {words!r}:\n{self.said}"
            assert time.monotonic() < until, f"it never said {words!r}:\n{self.said}"
            time.sleep(0.05)
        return self.said

    def serves(self, path: str = "/") -> str:
        """The page at `path` once it runs."""
        self.waits_for("Storefront")
        with urllib.request.urlopen(self.url + path, timeout=30) as response:
            return str(response.read().decode())

    def logins(self) -> list[str]:
        """The lines with the demo logins."""
        self.waits_for("Storefront")
        return [line for line in self.said.splitlines() if ".example" in line]

    def children(self) -> dict[str, int]:
        """The processes that it started, by what they do."""
        ours = f"PPid:\t{self.process.pid}\n"
        found = [path.parent for path in Path("/proc").glob("[0-9]*/status") if ours in _text(path)]
        return {"web" if "granian" in _text(each / "cmdline") else "worker": int(each.name) for each in found}

    def ends(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended meanwhile
        return ""


@contextmanager
def started(instance: Path, **settings: str) -> Iterator[Run]:
    """A start of `scripts/run` that ends with the test."""
    run = Run(instance, **settings)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.ends()
