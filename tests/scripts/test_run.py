"""What `scripts/run` promises to somebody who has just cloned Kroi."""

import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.scripts.runs import PATIENCE, started
from tests.support.server import ROOT, free_port

pytestmark = pytest.mark.server
NEEDS_PYTHON = "Kroi needs Python 3.11 or later with its venv module; on Debian: apt install python3 python3-venv"


def test_a_newcomer_gets_a_dealership_that_is_still_there_at_the_second_start(tmp_path: Path) -> None:
    with started(tmp_path) as first:
        logins, home = first.logins(), first.serves("/")
        assert len(logins) == 4
        assert "Halyard Motors" in home
        assert f"{first.url}/staff/" in first.said
        assert "Password" in first.serves("/staff/")
        first.waits_for("The worker is at work.")
        parts = first.children()
        assert set(parts) == {"web", "worker"}
        with socket.socket() as other:
            other.bind(("127.0.0.2", first.port))  # fails for who listens to more than this machine
        assert first.ends(signal.SIGINT) == 0
        assert "Its data are kept." in first.said
        assert "Traceback" not in first.said
        assert not any(Path(f"/proc/{pid}").exists() for pid in parts.values())
    with started(tmp_path, PORT=str(first.port)) as second:
        assert second.serves("/") == home
        assert second.logins() == logins
        assert "Loading" not in second.said
        assert second.ends(signal.SIGTERM) == 0


def test_stopped_while_the_demo_loads_it_leaves_nothing_half_loaded(tmp_path: Path) -> None:
    with started(tmp_path) as run:
        run.waits_for("Loading the demo")
        assert run.ends(signal.SIGHUP) == 0
        assert "Traceback" not in run.said
    with closing(sqlite3.connect(tmp_path / "kroi.sqlite3")) as database:
        assert database.execute("SELECT (SELECT count(*) FROM cars), (SELECT count(*) FROM users)").fetchone() == (0, 0)


def test_when_a_part_dies_the_rest_ends_and_says_so() -> None:
    """The parts are stand-ins: one answers until it is told to stop, the other dies soon."""
    port = free_port()
    answers = ["-m", "http.server", "--bind", "127.0.0.1", str(port)]
    dies = ["-c", f"import socket, time\nwhile socket.socket().connect_ex(('127.0.0.1', {port})): time.sleep(0.05)"]
    web, others = [sys.executable, *answers], [[sys.executable, *dies]]
    code = f"import sys; from scripts import serve; sys.exit(serve.run({web!r}, {port}, {others!r}))"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert made.returncode == 1
    assert "A part of Kroi ended by itself" in made.stderr
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with started(tmp_path, PORT=str(port)) as run:
            assert run.process.wait(timeout=PATIENCE) == 1
            assert run.said.strip() == f"Port {port} is taken. Choose another one, such as: PORT={port + 1} scripts/run"


def test_every_wrong_setting_is_said_at_once(tmp_path: Path) -> None:
    with started(tmp_path, INQUIRY_LIMIT="many", SMTP_URL="post") as run:
        assert run.process.wait(timeout=PATIENCE) == 1
        assert "INQUIRY_LIMIT" in run.said
        assert "SMTP_URL" in run.said
        assert "Traceback" not in run.said


def test_production_is_refused(tmp_path: Path) -> None:
    serious = {"KROI_ENV": "production", "PUBLIC_URL": "https://cars.example", "SECRET_KEY": secrets.token_urlsafe(48)}
    with started(tmp_path, **serious) as run:
        assert run.process.wait(timeout=PATIENCE) == 1
        assert "demo logins" in run.said


@pytest.mark.parametrize("lacks", ["venv", "3, 11"], ids=["no venv module", "too old"])
def test_a_python_that_will_not_do_is_said_in_one_sentence(tmp_path: Path, lacks: str) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    path = tmp_path / "bin"
    path.mkdir()
    for tool in ("bash", "env", "dirname"):
        (path / tool).symlink_to(shutil.which(tool) or tool)
    for name in ("python3", "python3.11"):
        (path / name).write_text(f"#!/bin/sh\ncase \"$2\" in *'{lacks}'*) exit 1 ;; esac\n")
        (path / name).chmod(0o755)
    made = subprocess.run(
        [tmp_path / "scripts" / "run"], env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )
    assert made.returncode == 1
    assert made.stderr.splitlines() == [NEEDS_PYTHON]


def test_it_takes_no_arguments_but_help() -> None:
    def ask(argument: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([ROOT / "scripts" / "run", argument], capture_output=True, text=True, check=False)

    assert "PORT=8080 scripts/run" in ask("--help").stdout
    assert ask("--help").returncode == 0
    assert ask("--fast").returncode == 2
