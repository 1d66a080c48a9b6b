"""A base backup's tars become files for their owner alone, and nothing outside the folder, whatever a tar holds."""

import io
import stat
import tarfile
from pathlib import Path

import pytest

from kroi.core.errors import Invalid
from kroi.operations.backup.physical.recovery import _untar


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode = kind, link, 0o777
    made.size = 4 if kind == tarfile.REGTYPE else 0
    return made


def packed(folder: Path, *entries: tarfile.TarInfo) -> Path:
    path = folder / "base.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for each in entries:
            tar.addfile(each, io.BytesIO(b"page"))
    return path


def test_folders_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = packed(tmp_path, entry("base", tarfile.DIRTYPE), entry("base/1/112"), entry("PG_VERSION"))
    _untar(path, tmp_path / "data")
    found = {str(each.relative_to(tmp_path / "data")): each.stat().st_mode for each in (tmp_path / "data").rglob("*")}
    assert {name: stat.S_IMODE(mode) for name, mode in found.items()} == {
        "base": 0o700, "base/1": 0o700, "base/1/112": 0o600, "PG_VERSION": 0o600
    }  # fmt: skip
    assert (tmp_path / "data/base/1/112").read_bytes() == b"page"


@pytest.mark.parametrize(
    "entries",
    [
        (entry("../outside"),),
        (entry("/tmp/kroi-outside"),),
        (entry("a", tarfile.SYMTYPE, "/etc"), entry("a/outside")),
        (entry("a", tarfile.LNKTYPE, "../../outside"),),
        (entry("a", tarfile.FIFOTYPE),),
        (entry("a", tarfile.CHRTYPE),),
        (entry("a"), entry("a")),
        (entry("a"), entry("a/b")),
        (entry("a"), entry("a", tarfile.DIRTYPE)),
    ],
    ids=[
        "above",
        "absolute",
        "symbolic link",
        "hard link",
        "pipe",
        "device",
        "twice",
        "below a file",
        "file and folder",
    ],
)
def test_anything_else_is_refused_and_nothing_lies_outside(
    tmp_path: Path, entries: tuple[tarfile.TarInfo, ...]
) -> None:
    with pytest.raises(Invalid, match="base backup"):
        _untar(packed(tmp_path, *entries), tmp_path / "data")
    assert not list(tmp_path.rglob("*outside*")) and not Path("/tmp/kroi-outside").exists()
    assert not [each for each in tmp_path.rglob("*") if each.is_symlink()]
