"""An archive that somebody has worked on is refused with a sentence, and writes nothing anywhere else."""

import io
import json
import os
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kroi.core.errors import Invalid
from kroi.operations.backup.archive import fingerprint, unpack
from kroi.operations.backup.rules import File
from kroi.operations.exit import packing
from kroi.operations.exit.rules import Manifest

PICTURE = "media/1/0123456789abcdef0123456789abcdef-480.webp"
Change = Callable[[tarfile.TarFile, dict[str, Any]], None]


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Of a good archive with one picture in it, `kroi.tar`."""
    picture = tmp_path / "a"
    picture.write_bytes(b"a picture")
    made = Manifest("1", "newest", None, {}, {PICTURE: fingerprint(picture)})
    packing.pack(tmp_path / "kroi.tar", made, {PICTURE: picture})
    return made


def put(tar: tarfile.TarFile, name: str, content: bytes, **said: Any) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    for key, value in said.items():
        setattr(entry, key, value)
    tar.addfile(entry, io.BytesIO(content))


def open_it(path: Path) -> Manifest:
    into = path.parent / "into"
    into.mkdir()
    return unpack(path, into, Manifest.load)


def test_a_good_one_is_opened(manifest: Manifest, tmp_path: Path) -> None:
    assert open_it(tmp_path / "kroi.tar") == manifest


NAMES = [
    "../../evil", "/etc/cron.d/evil", "media/../../evil", "media/1/..", "media/1/../../evil", "media/1/x/y",
    "csv/../a.csv", "media/1/a\0b", "media/1/.hidden", "media/١/a", "kroi.sqlite3/../x", "manifest.json",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("named", [True, False], ids=["in the manifest", "in the tar alone"])
def test_a_name_that_leads_elsewhere_is_refused(manifest: Manifest, tmp_path: Path, name: str, named: bool) -> None:
    bad = replace(manifest, files=manifest.files | ({name: File(1, "0" * 64)} if named else {}))
    if name == "manifest.json" and not named:
        return  # that is its own
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        put(tar, "manifest.json", bad.dump())
        put(tar, PICTURE, b"a picture")
        put(tar, name, b"x")
    with pytest.raises(Invalid):
        open_it(tmp_path / "bad.tar")
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("a", "kroi.tar", "bad.tar")] == ["into"]


KINDS = {
    "a link": {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd", "size": 0},
    "a hard link": {"type": tarfile.LNKTYPE, "linkname": "../a", "size": 0},
    "a folder": {"type": tarfile.DIRTYPE, "size": 0},
    "a device": {"type": tarfile.CHRTYPE, "size": 0},
    "a pipe": {"type": tarfile.FIFOTYPE, "size": 0},
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_plain_file_is_refused(manifest: Manifest, tmp_path: Path, kind: str) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        put(tar, "manifest.json", manifest.dump())
        put(tar, PICTURE, b"a picture", **KINDS[kind])
    with pytest.raises(Invalid):
        open_it(tmp_path / "bad.tar")


def test_a_file_that_comes_twice_is_refused(manifest: Manifest, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        put(tar, "manifest.json", manifest.dump())
        put(tar, PICTURE, b"a picture")
        put(tar, PICTURE, b"a picture")
    with pytest.raises(Invalid, match="twice"):
        open_it(tmp_path / "bad.tar")


@pytest.mark.parametrize("said", [9, 2**40])
def test_a_few_bytes_that_unpack_to_a_terabyte_are_refused_at_once(
    manifest: Manifest, tmp_path: Path, said: int
) -> None:
    bad = replace(manifest, files={PICTURE: File(said, "0" * 64)})
    with tarfile.open(tmp_path / "bad.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        put(tar, "manifest.json", bad.dump())
        holes = {"GNU.sparse.map": "0,0", "GNU.sparse.size": str(2**40), "GNU.sparse.numblocks": "1"}
        put(tar, PICTURE, b"", pax_headers=holes)
    with pytest.raises(Invalid):
        open_it(tmp_path / "bad.tar")
    assert sum(path.stat().st_size for path in (tmp_path / "into").rglob("*") if path.is_file()) == 0


def test_a_compressed_one_is_refused_before_it_is_unpacked(manifest: Manifest, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w:gz") as tar:
        put(tar, "manifest.json", manifest.dump())
    with pytest.raises(Invalid):
        open_it(tmp_path / "bad.tar")


SAID: dict[str, Any] = {"format": 1, "version": 1, "revision": 1, "dealership": None, "files": {}}
DESCRIPTIONS = [
    b"", b"[]", b"null", b"{}", b'{"format": 1}', b"[" * 100_000, b'{"format": 2}', b"\xff\xfe",
    json.dumps({**SAID, "tables": []}).encode(), json.dumps({**SAID, "tables": {"a": {"b": 1}}}).encode(),
    json.dumps({**SAID, "tables": {}, "files": {"kroi.sqlite3": {"size": 1}}}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=range(len(DESCRIPTIONS)))
def test_an_odd_description_is_refused(description: bytes, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        put(tar, "manifest.json", description)
    with pytest.raises(Invalid):
        open_it(tmp_path / "bad.tar")


def test_any_bytes_at_all_are_refused(tmp_path: Path) -> None:
    for number, content in enumerate((b"", b"\0" * 10_240, os.urandom(10_240), b"PK\x03\x04" * 500)):
        path = tmp_path / str(number) / "bad.tar"
        path.parent.mkdir()
        path.write_bytes(content)
        with pytest.raises(Invalid):
            open_it(path)
