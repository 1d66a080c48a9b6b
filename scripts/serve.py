"""Serves Kroi for one person: migrates, loads the demo, then runs the web server and the worker until told to stop."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click
from flask.cli import ScriptInfo
from flask_migrate import upgrade

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kroi.core.config import Settings  # noqa: E402  # the path is set above
from kroi.factory import create_app, settings_from_environment  # noqa: E402  # likewise

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, kill, the terminal was closed
ANSWERS_WITHIN = 9  # seconds for what was begun when the web server is told to stop, which is over within ten
PATIENCE = ANSWERS_WITHIN + 5  # seconds for a part to end by itself
Command = list[str]
Child = subprocess.Popen[bytes]


def main() -> int:
    """Exit code 0 when stopped by a person, 1 when something failed."""
    settings = settings_from_environment()
    hindrance = what_hinders(settings)
    if hindrance:
        print(hindrance, file=sys.stderr)
        return 1
    for number in (*STOPS, signal.SIGALRM):
        signal.signal(number, _stop)
    sys.unraisablehook = _say_unless_stopping
    try:
        prepare(settings)
        return run(web_server(settings.port), settings.port, [flask("worker")])
    except (KeyboardInterrupt, click.Abort):
        signal.setitimer(signal.ITIMER_REAL, 0)
        print("\nKroi has stopped. Its data are kept.", flush=True)
        return 0
    except click.ClickException as error:
        error.show()
        return 1


def what_hinders(settings: Settings) -> str | None:
    """Why we cannot serve here, in one sentence."""
    if settings.production:
        return "scripts/run prints demo logins, so it does not serve where KROI_ENV is production."
    if not port_is_free(settings.port):
        other = settings.port + 1 if settings.port < 65_535 else 8000
        return f"Port {settings.port} is taken. Choose another one, such as: PORT={other} scripts/run"
    return None


def port_is_free(port: int) -> bool:
    """Can we listen there?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def prepare(settings: Settings) -> None:
    """Migrate and load the demo, in this process: to start Python for each would take seconds more."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
    app.cli.main(["demo", "load"], obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
    sys.stdout.flush()


def flask(*arguments: str) -> Command:
    """A `flask` command. By this Python, not by its file: that one names the folder where it was installed."""
    return [sys.executable, "-m", "flask", "--app", "app", *arguments]


def web_server(port: int) -> Command:
    """granian, one thread to a process: more threads cost speed."""
    processes = str(min(max(os.cpu_count() or 1, 2), 4))
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", processes]
    options += ["--blocking-threads", "1", "--workers-kill-timeout", str(ANSWERS_WITHIN), "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *options, "--no-ws", "--log-level", "warning", "app:app"]


def run(web: Command, port: int, others: list[Command]) -> int:
    """Run the web server and, once it answers, the others, until one ends or a person says stop; then all end."""
    children: list[Child] = []
    try:
        children.append(start(web))
        if wait_until_it_answers(port, children[0]):
            address = f"http://127.0.0.1:{port}/"
            print(f"\n  Storefront  {address}\n  Portal      {address}staff/\n", flush=True)
            children += map(start, others)
            os.wait()
        print("A part of Kroi ended by itself, so the rest was stopped; what it said stands above.", file=sys.stderr)
        return 1
    finally:
        end(children)


def start(command: Command) -> Child:
    """One part, which Ctrl-C reaches only through us."""
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)


def wait_until_it_answers(port: int, web: Child) -> bool:
    """Wait for the web server; `False` when it ended before."""
    while web.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.05)
    return False


def end(children: list[Child]) -> None:
    """End all parts, kindly first. Whoever is impatient and says stop again is not heard."""
    for number in (*STOPS, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def _stop(number: int, frame: FrameType | None) -> None:
    """Stop what is being done; once more in a second, for Python swallows what is raised while it collects garbage."""
    signal.setitimer(signal.ITIMER_REAL, 1)
    raise KeyboardInterrupt


def _say_unless_stopping(lost: "sys.UnraisableHookArgs") -> None:
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)


if __name__ == "__main__":
    sys.exit(main())
