"""A file of PostgreSQL's log is kept once and whole, and comes back as it was or not at all."""

import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from kroi.core.errors import Conflict, Invalid, NotFound
from kroi.operations.backup import places
from kroi.operations.backup.keys import Keys
from kroi.operations.backup.physical import wal
from kroi.operations.backup.places import Place
from tests.operations.test_locked_backups import flipped
from tests.support.server import ROOT

NAME = "00000001000000000000000A"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return places.at(tmp_path / "kept")


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    """A file as PostgreSQL writes it: half full."""
    path = tmp_path / NAME
    path.write_bytes(secrets.token_bytes(100_000) + bytes(100_000))
    return path


def key() -> Keys:
    identity = pyrage.x25519.Identity.generate()
    return Keys((identity.to_public(),), (identity,))


def kept(place: Place, tmp_path: Path) -> Path:
    return place.fetch(f"wal/{NAME}", tmp_path)


def fetch(place: Place, keys: Keys | None, tmp_path: Path) -> bytes:
    wal.fetch(place, keys, NAME, tmp_path / "back")
    return (tmp_path / "back").read_bytes()


@pytest.mark.parametrize("keys", [None, key()], ids=["plain", "encrypted"])
def test_it_comes_back_as_it_was(place: Place, segment: Path, tmp_path: Path, keys: Keys | None) -> None:
    wal.archive(place, keys, segment)
    assert fetch(place, keys, tmp_path) == segment.read_bytes()
    path = kept(place, tmp_path)
    assert path.stat().st_size < 150_000, "what is empty takes no room"
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == [NAME], "nothing half-written is left"


@pytest.mark.parametrize("keys", [None, key()], ids=["plain", "encrypted"])
def test_kept_twice_is_kept_once_and_another_one_is_refused(
    place: Place, segment: Path, tmp_path: Path, keys: Keys | None
) -> None:
    wal.archive(place, keys, segment)
    before = kept(place, tmp_path).read_bytes()
    writer = keys and Keys(keys.recipients, ())  # the server that writes need not be able to read
    wal.archive(place, writer, segment)
    segment.write_bytes(secrets.token_bytes(200_000))
    with pytest.raises(Conflict, match="another server"):
        wal.archive(place, writer, segment)
    assert kept(place, tmp_path).read_bytes() == before


@pytest.mark.parametrize("keys", [None, key()], ids=["plain", "encrypted"])
def test_damage_is_noticed_or_does_no_harm(place: Place, segment: Path, tmp_path: Path, keys: Keys | None) -> None:
    wal.archive(place, keys, segment)
    path = kept(place, tmp_path)
    whole = path.read_bytes()
    damaged = [flipped(whole, at) for at in (0, 12, 30, 80, 110, 130, 250, len(whole) // 2, len(whole) - 1)]
    for content in (*damaged, whole[:-1], whole[:200], whole[:50], b"", b"?" * 300):
        path.write_bytes(content)
        try:
            found = fetch(place, keys, tmp_path)
        except Invalid:
            assert not (tmp_path / "back").exists()
        else:
            assert found == segment.read_bytes(), "gzip's header has a place for the time, which nobody reads"
            (tmp_path / "back").unlink()


def test_one_under_the_name_of_another_is_refused(place: Place, segment: Path, tmp_path: Path) -> None:
    wal.archive(place, None, segment)
    path = kept(place, tmp_path)
    path.rename(path.with_name("00000001000000000000000B"))
    with pytest.raises(Invalid, match="another file under its name"):
        wal.fetch(place, None, "00000001000000000000000B", tmp_path / "back")


def test_without_the_key_it_stays_shut(place: Place, segment: Path, tmp_path: Path) -> None:
    wal.archive(place, key(), segment)
    for keys, words in ((None, "BACKUP_KEY_FILE"), (key(), "another key")):
        with pytest.raises(Invalid, match=words):
            fetch(place, keys, tmp_path)


def test_only_files_of_the_log_have_anything_to_do_there(place: Place, tmp_path: Path) -> None:
    (tmp_path / "passwd").write_text("x")
    with pytest.raises(Invalid):
        wal.archive(place, None, tmp_path / "passwd")
    for name in ("../../etc/passwd", "passwd", NAME.lower(), NAME + "/.."):
        with pytest.raises(NotFound):
            wal.fetch(place, None, name, tmp_path / "back")


def test_the_door_answers_as_postgresql_expects(segment: Path, tmp_path: Path) -> None:
    """0 only when it is safe; the end of the log is 1 and no noise; wrong use is 2."""

    def call(*arguments: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, ROOT / "scripts" / "wal.py", *map(str, arguments)], check=False, capture_output=True,
            text=True, env={"BACKUP_URL": str(tmp_path / "kept"), "KROI_INSTANCE": str(tmp_path)}, timeout=60,
        )  # fmt: skip
        return done.returncode, done.stderr

    assert call("archive", segment) == (0, "")
    assert call("fetch", NAME, tmp_path / "back") == (0, "")
    assert (tmp_path / "back").read_bytes() == segment.read_bytes()
    assert call("fetch", "00000001000000000000000B", tmp_path / "back") == (1, "")
    assert call("archive", tmp_path / NAME[:-1])[0] == 1
    segment.write_bytes(b"another")
    code, words = call("archive", segment)
    assert code == 1 and words.startswith("Kroi: ") and "Traceback" not in words
    assert call()[0] == call("fetch", NAME)[0] == 2


def test_the_door_keeps_nothing_in_the_folder_that_it_is_called_from(segment: Path, tmp_path: Path) -> None:
    """PostgreSQL calls it from its own: a slip in the address, or a folder beside Kroi, must not end up there."""
    data, beside = tmp_path / "data", f"instance/{secrets.token_hex(8)}"
    data.mkdir()

    def call(place: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "scripts" / "wal.py"), "archive", str(segment)]
        env = {"BACKUP_URL": place, "PATH": "/usr/bin:/bin"}
        return subprocess.run(command, cwd=data, env=env, check=False, capture_output=True, text=True)

    wrong = call("s3:bucket/x")
    assert wrong.returncode == 1 and "s3://bucket/prefix" in wrong.stderr
    try:
        right = call(beside)
        assert right.returncode == 0 and (ROOT / beside / "wal" / NAME).is_file(), right.stderr
    finally:
        shutil.rmtree(ROOT / beside, ignore_errors=True)
    assert not list(data.iterdir())
