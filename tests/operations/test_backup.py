"""Backups prove themselves; damaged ones are refused and nothing is touched; restoring loses no row."""

import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask

from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.core.config import Settings
from kroi.core.errors import Invalid
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.operations.backup import archive, records, rules, service
from kroi.operations.backup.rules import Facts, Table
from tests.operations.conftest import PICTURE
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]


def lose_everything(ours: Settings) -> None:
    """A bad day: every car renamed, some added, the picture gone."""
    with transaction():
        for car in session.query(Car):
            car.model = "overwritten"
    make_car(model="new since")
    (Path(ours.media_url) / "1" / PICTURE).unlink()
    session.remove()


def models() -> list[str]:
    session.rollback()
    session.expire_all()
    return sorted(car.model for car in session.query(Car))


def flip(path: Path, at: int) -> None:
    """One bit, anywhere."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def offset_of(path: Path, member: str) -> int:
    """A byte in the middle of a file in the backup."""
    with tarfile.open(path) as tar:
        found = next(each for each in tar if each.name.startswith(member))
        return found.offset_data + found.size // 2


def test_a_backup_holds_everything_and_says_so(backup: Path, ours: Settings) -> None:
    manifest = archive.read_manifest(backup)
    assert manifest.facts == service.store_for(ours).facts()
    assert manifest.facts.tables["cars"].rows == 3
    assert manifest.facts.revision == "houses"
    assert manifest.media == [f"media/1/{PICTURE}"]
    assert backup.stat().st_mode & 0o077 == 0, "for the owner's eyes only"


def test_a_restore_brings_back_every_row_and_picture(backup: Path, ours: Settings, ops: Ops) -> None:
    before = service.store_for(ours).facts()
    lose_everything(ours)
    result = ops("restore", backup, "--drop-database")
    assert result.exit_code == 0, result.output
    assert service.store_for(ours).facts() == before
    assert models() == ["A0", "A1", "A2"]
    assert (Path(ours.media_url) / "1" / PICTURE).read_bytes() == b"a picture" * 1000


def test_after_a_restore_new_rows_get_new_numbers(backup: Path, ours: Settings, ops: Ops) -> None:
    ops("restore", backup, "--drop-database")
    known = {car.id for car in session.query(Car)}
    session.remove()
    assert make_car().id not in known


def test_without_compression_it_restores_as_well(ops: Ops, ours: Settings, tmp_path: Path) -> None:
    assert ops("backup", "--no-compress", "-o", tmp_path / "plain").exit_code == 0
    (path,) = (tmp_path / "plain").glob("*.tar")
    lose_everything(ours)
    assert ops("restore", path, "--drop-database").exit_code == 0
    assert models() == ["A0", "A1", "A2"]


def test_a_database_that_is_not_empty_is_not_replaced_unasked(backup: Path, ops: Ops, unchanged: None) -> None:
    result = ops("restore", backup)
    assert result.exit_code == 1
    assert "--drop-database" in result.output


def test_a_dry_run_changes_nothing_and_says_what_would(backup: Path, ours: Settings, ops: Ops) -> None:
    lose_everything(ours)
    before = service.store_for(ours).facts()
    result = ops("restore", backup, "--dry-run")
    assert result.exit_code == 0
    assert "cars: 4 rows would become 3" in result.output
    assert service.store_for(ours).facts() == before


def test_one_flipped_bit_is_noticed(backup: Path, ops: Ops, unchanged: None) -> None:
    for where in ("manifest.json", "database", "media/"):
        at = offset_of(backup, where)
        flip(backup, at)
        for command in (["verify", backup], ["restore", backup, "--drop-database"]):
            result = ops(*command)
            assert result.exit_code == 1
            assert "damaged" in result.output and "Traceback" not in result.output
        flip(backup, at)


def test_a_cut_file_is_refused(backup: Path, ops: Ops, unchanged: None) -> None:
    whole = backup.read_bytes()
    for length in (0, 100, 5000, -1, -200):
        backup.write_bytes(whole[:length])
        result = ops("restore", backup, "--drop-database")
        assert result.exit_code == 1
        assert "cut short" in result.output


def test_any_flipped_bit_is_noticed_by_the_seal(backup: Path) -> None:
    size = backup.stat().st_size
    for at in (*range(0, size, size // 40), size - 1, size - 30, size - 90):
        flip(backup, at)
        with pytest.raises(Invalid):
            archive.check_seal(backup)
        flip(backup, at)
    archive.check_seal(backup)


def reseal(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """A forger who knows how backups are sealed: the seal fits, the content does not."""
    with tarfile.open(path) as tar:
        files = {each.name: opened.read() for each in tar if (opened := tar.extractfile(each))}
    change(files)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    body = buffer.getvalue()
    path.write_bytes(body + b"kroi-backup sha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n")


def _other_rows(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["facts"]["tables"]["cars"]["rows"] = 4
    files["manifest.json"] = json.dumps(manifest).encode()


def _other_content(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["facts"]["tables"]["cars"]["checksum"] = "1"
    files["manifest.json"] = json.dumps(manifest).encode()


def _newer(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["format"] = 99
    files["manifest.json"] = json.dumps(manifest).encode()


def _climb(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["media/1/../../../evil"] = {"bytes": 1, "sha256": "x"}
    files["manifest.json"] = json.dumps(manifest).encode()


def _add(files: dict[str, bytes]) -> None:
    files["../evil"] = b"x"


def _lose_picture(files: dict[str, bytes]) -> None:
    del files[f"media/1/{PICTURE}"]


def _swap_picture(files: dict[str, bytes]) -> None:
    files[f"media/1/{PICTURE}"] = b"another"


def test_what_is_not_what_the_manifest_says_is_refused(backup: Path, ops: Ops, unchanged: None) -> None:
    whole = backup.read_bytes()
    for change in (_other_rows, _other_content, _newer, _climb, _add, _lose_picture, _swap_picture):
        reseal(backup, change)
        result = ops("restore", backup, "--drop-database")
        assert result.exit_code == 1, change.__name__
        assert isinstance(result.exception, SystemExit), "a sentence, not a trace"
        backup.write_bytes(whole)


def test_a_backup_that_does_not_restore_the_same_is_not_kept(
    own: Flask, ours: Settings, monkeypatch: pytest.MonkeyPatch, ops: Ops
) -> None:
    monkeypatch.setattr(rules, "differences", lambda wanted, found: ["table cars has other content"])
    assert ops("backup").exit_code == 1
    assert list(Path(ours.backup_url).iterdir()) == []
    assert records.find_last(ours.instance) is None


def test_a_backup_of_another_kind_of_database_is_refused(backup: Path, ops: Ops, unchanged: None, engine: str) -> None:
    other = "sqlite" if engine == "postgresql" else "postgresql"
    reseal(backup, lambda files: files.update(relabelled(files, engine, other)))
    result = ops("restore", backup, "--drop-database")
    assert result.exit_code == 1
    assert f"a backup of {other}, and the database here is {engine}" in result.output


def relabelled(files: dict[str, bytes], old: str, new: str) -> dict[str, bytes]:
    manifest = files["manifest.json"].replace(f'"engine": "{old}"'.encode(), f'"engine": "{new}"'.encode())
    return {"manifest.json": manifest}


def test_while_a_backup_is_made_people_go_on_writing(own: Flask, ours: Settings, tmp_path: Path) -> None:
    over = threading.Event()
    written: list[int] = []

    here = current_dealership_id()

    def write() -> None:
        with own.app_context(), acting_for(here):
            while not over.is_set():
                written.append(make_car(model="meanwhile").id)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        made = [service.create(ours, tmp_path / "busy") for _ in range(3)]
    finally:
        over.set()
        thread.join()
    assert len(written) > 3
    assert len({path.name for path in made}) == 3


def test_old_backups_go_and_other_files_stay(ops: Ops, ours: Settings) -> None:
    folder = Path(ours.backup_url)
    with time_machine.travel(clock.now() - timedelta(days=31), tick=True):
        assert ops("backup").exit_code == 0
    (folder / "kroi-notes.txt").write_text("keep me")
    result = ops("backup")
    assert "1 older than 30 days" in result.output
    assert len(list(folder.glob("*.tar"))) == 1
    assert (folder / "kroi-notes.txt").exists()
    assert ops("backup", "-r", "0").exit_code == 2


def test_the_list_names_backups_newest_first(ops: Ops, ours: Settings, backup: Path) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=True):
        ops("backup")
    damaged = Path(ours.backup_url) / "kroi-20200101T000000Z-sqlite.tar"
    damaged.write_bytes(b"?")
    lines = ops("list").output.splitlines()
    assert [line.split()[0] for line in lines] == sorted((line.split()[0] for line in lines), reverse=True)
    assert "rows in" in lines[0] and "cannot be read" in lines[-1]


def test_wrong_use_is_exit_code_two(ops: Ops, tmp_path: Path) -> None:
    assert ops("verify", tmp_path / "nothing.tar").exit_code == 2
    assert ops("restore", "--to", "yesterday").exit_code == 2
    assert ops("restore", tmp_path / "a.tar", "--to", "2026-11-22T10:00:00Z").exit_code == 2


def test_nothing_is_left_lying_about(backup: Path, ours: Settings, ops: Ops) -> None:
    ops("verify", backup)
    ops("restore", backup, "--drop-database")
    assert [path.name for path in Path(ours.backup_url).iterdir()] == [backup.name]
    assert not [path for path in ours.instance.rglob("*") if "scratch" in path.name or path.suffix == ".part"]


def test_every_difference_is_named() -> None:
    one = Facts({"cars": Table(1, "a"), "gone": Table(1, "a")}, "s", "r", {"cars_id_seq": 5})
    other = Facts({"cars": Table(2, "a"), "new": Table(1, "a")}, "t", "q", {"cars_id_seq": 4})
    assert rules.differences(one, one) == []
    assert rules.differences(one, other) == [
        "table cars has 2 rows and not 1",
        "table gone is missing",
        "table new is not in the backup",
        "the schema differs",
        "the schema is q and not r",
        "sequence cars_id_seq stands at 4 and not at 5",
    ]
