"""Kroi and the references as they are served: granian, one worker, one thread, each in processes of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kroi.web import delivery
from tests.benchmarks import processes
from tests.benchmarks.load import Order, Seen
from tests.support.server import BIN, OTHER_SETTINGS, ROOT, free_port

_PATIENCE = 300  # seconds until the first answer
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml",
    "Accept-Language": "en",
}
ENTERED = "/benchmark/entered"  # where `counted` tells how many requests reached Flask
COMPRESSED = {**BROWSER, "Accept-Encoding": "gzip, deflate, br"}


@dataclass(frozen=True)
class Turn:
    """What one turn of load cost: processor seconds of the server (and its database), and what was seen."""

    processor: float
    seen: Seen

    @property
    def microseconds(self) -> float:
        """Processor time of one request."""
        return self.processor / max(self.seen.requests, 1) * 1e6


class Served:
    """One application under granian. `others` are processes that work for it: its database."""

    def __init__(self, target: str, environment: Mapping[str, str], folder: Path, others: int | None = None) -> None:
        self.port, self.target, self._folder, self._others = free_port(), target, folder, others
        self._environment = {**os.environ, **environment, "PORT": str(self.port)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until a connection is taken."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Begin to serve."""
        with (self._folder / "servers.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
                    *("--no-ws", "--workers", "1", "--blocking-threads", "1", "--workers-kill-timeout", "3"),
                    *("--log-level", "warning", self.target),
                ],
                cwd=ROOT, env=self._environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip

    def stop(self) -> None:
        """End it and whatever it started."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=30)
            while self._listens():  # its worker dies a moment later, and would take the next one's connections
                time.sleep(0.01)
        self._process = None

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        assert self._process is not None
        return processes.children(self._process.pid)

    def turn(self, paths: list[str], seconds: float, *, connections: int = 4, once: bool = False,
             headers: Mapping[str, str] = COMPRESSED) -> Turn:  # fmt: skip
        """Ask these paths for so long; raises RuntimeError when an answer was no success."""
        order = Order(self.port, paths, seconds, connections, dict(headers), once)
        counted = self.workers + ([self._others, *processes.children(self._others)] if self._others else [])
        before = processes.processor_seconds(counted)
        seen = _asked(order)
        after = processes.processor_seconds(counted)
        if set(seen.statuses) - {"200", "304"}:
            raise RuntimeError(f"{self.target} answered {seen.statuses}, such as to {paths[0]}")
        return Turn(after - before, seen)

    def get(self, path: str, headers: Mapping[str, str] = BROWSER) -> "Answer":
        """One answer, whole."""
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{head}Connection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE) as connection:
            connection.sendall(request.encode())
            data = b"".join(iter(lambda: connection.recv(1 << 18), b""))
        head_bytes, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head_bytes.decode("latin-1").split("\r\n")
        named = dict(line.split(": ", 1) for line in lines if ": " in line)
        return Answer(int(first.split()[1]), {name.lower(): value for name, value in named.items()}, body)

    def wait(self) -> None:
        """Wait until a connection is taken."""
        assert self._process is not None
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            if self._listens():
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.target} did not start: see {self._folder / 'servers.log'}")

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


@dataclass(frozen=True)
class Answer:
    """One answer; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page, unpacked."""
        coding = self.headers.get("content-encoding")
        return (delivery.decompressed(self.body, coding) if coding else self.body).decode()


def _asked(order: Order) -> Seen:
    made = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load"], cwd=ROOT, input=json.dumps(asdict(order)).encode(),
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"the load failed: {made.stderr.decode()[-2000:]}")
    return Seen(**json.loads(made.stdout))


def kroi(database_url: str, folder: Path, others: int | None = None) -> Served:
    """Kroi in production manner, on this database."""
    instance = folder / f"instance-{free_port()}"
    instance.mkdir()
    own = Served("app:app", _settings(database_url, instance), folder, others)
    own._environment["PUBLIC_URL"] = f"http://127.0.0.1:{own.port}"
    return own


def reference(name: str, database_url: str, folder: Path, others: int | None = None) -> Served:
    """One of the hand-written references, on the same database."""
    return Served(f"tests.benchmarks.references.{name}:app", {"DATABASE_URL": database_url}, folder, others)


def _settings(database_url: str, instance: Path) -> dict[str, str]:
    return {
        **dict.fromkeys(OTHER_SETTINGS, ""),
        "KROI_ENV": "production",
        "KROI_INSTANCE": str(instance),
        "SECRET_KEY": "measured-with-a-key-that-nobody-needs-to-guess",
        "DATABASE_URL": database_url,
    }


@contextlib.contextmanager
def serving(*servers: Served) -> Iterator[None]:
    """All of them started, and stopped at the end."""
    try:
        for server in servers:
            server.launch()
        for server in servers:
            server.wait()
        yield
    finally:
        for server in servers:
            server.stop()
