"""Every way in which a backup can be broken or forged is refused with a sentence, and nothing here is touched."""

import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest
from click.testing import Result
from flask import Flask

from kroi.core.config import Settings
from kroi.operations.backup import cli
from tests.operations.conftest import PICTURE
from tests.operations.test_backup import flip, reseal

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]
Files = dict[str, bytes]


def said(files: Files, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the manifest says."""
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    files["manifest.json"] = json.dumps(manifest).encode()


def flipped_byte(path: Path) -> None:
    flip(path, path.stat().st_size // 2)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def cut_between_members(path: Path) -> None:
    """The tar itself looks whole: its end is where a member ends."""
    with tarfile.open(path) as tar:
        last = tar.getmembers()[-1]
    path.write_bytes(path.read_bytes()[: last.offset])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def missing_member(path: Path) -> None:
    reseal(path, lambda files: files.__delitem__(f"media/1/{PICTURE}"))


def missing_database(path: Path) -> None:
    def lose(files: Files) -> None:
        for name in [each for each in files if each.startswith("database.")]:
            del files[name]

    reseal(path, lose)


def swapped_tables(path: Path) -> None:
    """The facts of two tables change places: sums over the whole stay as they were."""

    def swap(manifest: dict[str, Any]) -> None:
        tables = manifest["facts"]["tables"]
        tables["cars"], tables["users"] = tables["users"], tables["cars"]

    reseal(path, lambda files: said(files, swap))


def edited_manifest(path: Path) -> None:
    """It speaks of another schema."""
    reseal(path, lambda files: said(files, lambda manifest: manifest["facts"].update(schema="0" * 64)))


def edited_size(path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["files"][f"media/1/{PICTURE}"]["bytes"] += 1

    reseal(path, lambda files: said(files, change))


def other_database(path: Path) -> None:
    """A database of somebody else's in the place of ours, with checksums that fit it."""
    content = b"\x1f\x8b not a dump"

    def change(files: Files) -> None:

        (name,) = (each for each in files if each.startswith("database."))
        files[name] = content
        fingerprint = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        said(files, lambda manifest: manifest["files"].update({name: fingerprint}))

    reseal(path, change)


def foreign_tar(path: Path) -> None:
    with tarfile.open(path, "w") as tar:
        entry = tarfile.TarInfo("holiday.jpg")
        entry.size = 5
        tar.addfile(entry, io.BytesIO(b"beach"))


def foreign_file(path: Path) -> None:
    with closing(sqlite3.connect(path.with_suffix(".other"))) as connection:
        connection.execute("CREATE TABLE cars (id int)")
        connection.commit()
    path.write_bytes(path.with_suffix(".other").read_bytes())


def climbing_name(path: Path) -> None:
    def climb(manifest: dict[str, Any]) -> None:
        manifest["files"]["media/1/../../../../evil"] = {"bytes": 1, "sha256": "x"}

    reseal(path, lambda files: said(files, climb))


def climbing_member(path: Path) -> None:
    reseal(path, lambda files: files.update({"../../evil": b"x", "/tmp/evil": b"x"}))


def link_for_a_member(path: Path) -> None:
    """A link by a harmless name, to where writing would do harm."""

    with tarfile.open(path) as tar:
        files = {each.name: opened.read() for each in tar if (opened := tar.extractfile(each))}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            if name.startswith("media/"):
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
                tar.addfile(entry)
                continue
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    body = buffer.getvalue()
    path.write_bytes(body + b"kroi-backup sha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n")


def unknown_schema(path: Path) -> None:
    """Of a Kroi that is newer than this one, or of another family."""
    reseal(path, lambda files: said(files, lambda manifest: manifest["facts"].update(revision="from_the_future")))


DAMAGES = (
    flipped_byte, truncated, cut_between_members, empty, missing_member, missing_database, swapped_tables,
    edited_manifest, edited_size, other_database, foreign_tar, foreign_file, climbing_name, climbing_member,
    link_for_a_member, unknown_schema,
)  # fmt: skip


def test_every_damage_is_refused_with_a_sentence(backup: Path, ops: Ops, unchanged: None, ours: Settings) -> None:
    whole, refused = backup.read_bytes(), []
    for damage in DAMAGES:
        damage(backup)
        result = ops("restore", backup, "--drop-database")
        assert result.exit_code == 1, damage.__name__
        assert isinstance(result.exception, SystemExit), f"{damage.__name__}: {result.exception!r}"
        assert result.output.startswith("Error: ") and result.output.rstrip().endswith("."), result.output
        refused.append(damage)
        backup.write_bytes(whole)
    assert len(refused) == len(DAMAGES) >= 7
    assert not list(ours.instance.rglob("evil")) and not Path("/tmp/evil").exists()
    assert ops("restore", backup, "--drop-database").exit_code == 0, "and the whole one comes back"


def test_a_wrong_key_is_refused_with_a_sentence(
    own: Flask, ours: Settings, ops: Ops, tmp_path: Path, unchanged: None
) -> None:
    for _turn in range(2):
        (tmp_path / "key").write_text(str(pyrage.x25519.Identity.generate()), encoding="ascii")
        own.extensions["kroi.settings"] = replace(ours, backup_key_file=str(tmp_path / "key"))
        result = ops("backup") if _turn == 0 else ops("restore", "--drop-database")
    assert result.exit_code == 1 and "another key" in result.output


def test_an_older_schema_comes_back_and_says_what_to_do(
    backup: Path, ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if this Kroi had learnt another migration since."""

    monkeypatch.setattr(cli, "newest", lambda: "a_later_one")
    result = ops("restore", backup, "--drop-database")
    assert result.exit_code == 0
    assert "flask db upgrade" in result.output and "flask ops erase-again" in result.output
