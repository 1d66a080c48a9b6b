"""A backup that dies leaves nothing that looks like one, and what it leaves is gone at the next one's start."""

import fcntl
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import Result

from kroi.core.config import Settings
from kroi.operations.backup import archive, chore, records
from tests.support.postgres import plain, shared

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]


def test_one_that_is_killed_half_way_is_no_backup(ours: Settings, ops: Ops, as_command: None) -> None:
    place = Path(ours.backup_url)
    media = Path(ours.media_url) / "1"
    for number in range(40):  # something to do
        (media / f"{number:032x}-480.webp").write_bytes(os.urandom(300_000))
    child = chore._begin("backup")
    until = time.monotonic() + 60
    while not list(place.glob(".kroi-scratch-*/*")) and time.monotonic() < until:
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert list(place.glob(".kroi-scratch-*")), "it was caught at work"
    assert not list(place.glob("kroi-*"))
    assert ops("list").output == "There are no backups.\n"
    result = ops("backup")
    assert result.exit_code == 0, result.output
    assert not list(place.glob(".kroi-scratch-*"))
    assert ops("verify").exit_code == 0


def test_the_folder_of_one_that_is_at_work_stays(ours: Settings, ops: Ops) -> None:
    busy, dead = Path(ours.backup_url) / ".kroi-scratch-busy", Path(ours.backup_url) / ".kroi-scratch-dead"
    for each in (busy, dead):
        each.mkdir(parents=True)
        (each / "database.dump").write_bytes(b"x")
    (dead / ".used").touch()
    with (busy / ".used").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        assert ops("backup").exit_code == 0
        assert busy.exists() and not dead.exists()


def test_databases_of_restores_that_died_are_dropped(ours: Settings, ops: Ops, engine: str, backup: Path) -> None:
    if engine == "sqlite":
        assert not list(ours.instance.rglob("scratch.sqlite3*")), "it has files alone, which are seen to above"
        return
    server = shared()
    server.create("kroi_scratch_dead")
    server.create("kroi_scratch_busy")
    with psycopg.connect(plain(server.url("postgres")), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('kroi_scratch_busy'))")
        assert ops("verify").exit_code == 0
        left = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, 'kroi_scratch_')")
        assert ("kroi_scratch_dead",) not in (rows := left.fetchall()) and ("kroi_scratch_busy",) in rows
    server.drop("kroi_scratch_busy")


def test_a_disk_without_room_is_a_sentence_and_no_backup(
    ours: Settings, ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device", str(ours.backup_url))

    monkeypatch.setattr(archive, "_write_sealed", full)
    result = ops("backup")
    assert result.exit_code == 1 and "No space left" in result.output
    failure = records.find_failure(ours.instance)
    assert failure is not None and failure.why == "No space left on device."
    assert not list(Path(ours.backup_url).iterdir())
