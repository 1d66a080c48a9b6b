"""Serves Kroi for one person: migrates, loads the demo, then runs the web server and the worker until told to stop."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT))

from kroi.factory import settings_from_environment  # noqa: E402  # the path is set above


def main() -> int:
    """Exit code 0 when stopped by a person, 1 when something failed."""
    settings = settings_from_environment()
    if settings.production:
        print("scripts/run is for trying Kroi out and makes demo logins; production starts as docs/deploy.md says.")
        return 1
    if not port_is_free(settings.port):
        print(f"Port {settings.port} is taken. Choose another one, such as: PORT={settings.port + 1} scripts/run")
        return 1
    for command in (["db", "upgrade"], ["demo", "load"]):
        if subprocess.run([BIN / "flask", *command], cwd=ROOT).returncode:
            return 1
    print(f"\n  Storefront  http://127.0.0.1:{settings.port}/\n  Portal      http://127.0.0.1:{settings.port}/staff/\n")
    return run([[BIN / "flask", "worker"], web_server(settings.port)])


def port_is_free(port: int) -> bool:
    """Can we listen there?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def web_server(port: int) -> list[str | Path]:
    """granian, one thread to a process: more threads cost speed. The kill timeout mends a hang on SIGTERM."""
    processes = str(min(max(os.cpu_count() or 1, 2), 4))
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", processes]
    options += ["--blocking-threads", "1", "--workers-kill-timeout", "3", "--respawn-failed-workers", "--no-ws"]
    return [BIN / "granian", *options, "--log-level", "warning", "app:app"]


def run(commands: list[list[str | Path]]) -> int:
    """Run both until one ends or a person says stop; then both end."""
    children = [subprocess.Popen(command, cwd=ROOT, start_new_session=True) for command in commands]
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for child in children:
            child.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    pid, status = os.wait()
    ended_by_itself = not stopping
    stop(signal.SIGTERM, None)
    for child in children:
        if child.pid != pid:
            child.wait(timeout=15)
    if ended_by_itself:
        print("A part of Kroi ended by itself, so the rest was stopped; what it said stands above.", file=sys.stderr)
    return 1 if ended_by_itself else 0


if __name__ == "__main__":
    sys.exit(main())
