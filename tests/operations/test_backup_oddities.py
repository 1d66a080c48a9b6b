"""What nobody planned for: strange files among the photos, clocks that were wrong, an address with a slip in it."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import Result

from kroi.core import clock
from kroi.core.config import Settings, SettingsError
from kroi.operations.backup import archive, chore, records, rules, service
from kroi.operations.backup.records import Record
from tests.operations.conftest import PICTURE

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]
YEAR = timedelta(days=365)


@pytest.mark.parametrize("name", ["my photo (1).jpg", "käyntikortti.png", "-rf.webp", "a" * 230 + ".webp"])
def test_a_file_that_is_none_of_kroi_s_stops_no_backup_and_is_named(ops: Ops, ours: Settings, name: str) -> None:
    (Path(ours.media_url) / "1" / name).write_bytes(b"somebody's")
    made = ops("backup")
    assert made.exit_code == 0, made.output
    assert f"1/{name}" in made.output.replace("\n", "") and "1 picture files" in made.output


def test_a_link_that_leads_nowhere_or_to_a_folder_stops_no_backup(ops: Ops, ours: Settings) -> None:
    folder = Path(ours.media_url) / "1"
    (folder / f"{'a' * 32}-480.webp").symlink_to(folder / "gone.webp")
    (folder / f"{'b' * 32}-480.webp").symlink_to(folder)
    made = ops("backup")
    assert made.exit_code == 0 and "1 picture files" in made.output, made.output


@pytest.mark.parametrize("moment", ["_write_sealed", "fingerprint"])
def test_a_picture_that_is_deleted_meanwhile_stops_no_backup(
    ops: Ops, ours: Settings, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    leaving = Path(ours.media_url) / "1" / f"{'a' * 32}-480.webp"
    leaving.write_bytes(b"soon gone")
    real = getattr(archive, moment)

    def late(*arguments: object) -> object:
        leaving.unlink(missing_ok=True)
        return real(*arguments)

    monkeypatch.setattr(archive, moment, late)
    made = ops("backup")
    assert made.exit_code == 0 and "1 picture files" in made.output, made.output
    (path,) = Path(ours.backup_url).glob("kroi-*")
    assert archive.read_manifest(path).media == [f"media/1/{PICTURE}"]


def test_the_last_good_one_stays_however_old_it_is(ops: Ops, ours: Settings) -> None:
    """Nothing but the schema is newer."""
    with time_machine.travel(clock.now() - timedelta(days=40), tick=True):
        assert ops("backup").exit_code == 0
    assert ops("backup", "--schema-only").exit_code == 0
    assert len([path for path in Path(ours.backup_url).glob("kroi-*") if "-schema" not in path.name]) == 1
    assert ops("verify").exit_code == 0


def test_one_of_a_clock_that_was_ahead_is_not_the_newest() -> None:
    now = clock.now()
    past, ahead = (rules.file_name(at, "sqlite") for at in (now - timedelta(hours=1), now + YEAR))
    assert rules.newest([past, ahead], now) == past
    assert rules.newest([ahead], now) == ahead, "better than none"


def test_after_a_clock_that_was_ahead_backups_go_on(own: object, ours: Settings) -> None:
    now = clock.now()
    records.remember(ours.instance, Record(now + YEAR, "kroi-of-next-year"))
    assert chore._is_time(ours, records.BACKUP, rules.EVERY)
    records.note_died(ours.instance, now + YEAR, "It failed next year.")
    assert chore._is_time(ours, records.BACKUP, rules.EVERY)


@pytest.mark.parametrize("wrong", ["ftp://x/y", "S3:bucket", "s3:bucket/x", "s3//bucket", "s3://", "https://bucket/x"])
def test_an_address_with_a_slip_in_it_is_no_folder(ops: Ops, wrong: str, tmp_path: Path) -> None:
    for command in ("backup", "list", "verify", "restore", "base"):
        said = ops(command, "-o", wrong)
        assert said.exit_code == 2 and "s3://bucket/prefix" in said.output, (command, said.output)
    with pytest.raises(SettingsError, match="BACKUP_URL"):
        Settings.from_env({"BACKUP_URL": wrong}, instance=tmp_path)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
def test_a_database_that_is_none_is_a_sentence(ops: Ops, ours: Settings) -> None:
    Path(str(ours.database_url).removeprefix("sqlite:///")).write_bytes(b"no database at all" * 100)
    made = ops("backup")
    assert made.exit_code == 1 and "Error: " in made.output and isinstance(made.exception, SystemExit), made.output


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
def test_a_database_that_comes_back_is_for_its_owner_s_eyes(ops: Ops, ours: Settings, backup: Path) -> None:
    live = Path(str(ours.database_url).removeprefix("sqlite:///"))
    service.store_for(ours)
    for path in live.parent.glob(live.name + "*"):
        path.unlink()
    assert ops("restore").exit_code == 0
    assert live.stat().st_mode & 0o077 == 0
    with sqlite3.connect(live) as connection:
        assert connection.execute("SELECT count(*) FROM cars").fetchone() == (3,)
