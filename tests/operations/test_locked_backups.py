"""An encrypted backup is read with its key alone; the key that writes need not be the one that reads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from click.testing import Result
from flask import Flask

from kroi.core.config import Settings
from kroi.operations.backup import service
from tests.operations.test_backup import lose_everything

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]


@pytest.fixture
def use(own: Flask, ours: Settings, tmp_path: Path) -> Callable[[str], None]:
    """From here on BACKUP_KEY_FILE holds this."""

    def write(content: str) -> None:
        path = tmp_path / "backup.key"
        path.write_text(content, encoding="ascii")
        own.extensions["kroi.settings"] = replace(ours, backup_key_file=str(path))

    return write


def flipped(whole: bytes, at: int) -> bytes:
    """One bit of it is another."""
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def made(ours: Settings) -> Path:
    (path,) = Path(ours.backup_url).glob("kroi-*")
    return path


def test_it_comes_back_with_the_key(ops: Ops, ours: Settings, use: Callable[[str], None]) -> None:
    use(f"# created by age-keygen\n{pyrage.x25519.Identity.generate()}\n")
    before = service.store_for(ours).facts()
    assert ops("backup").exit_code == 0
    path = made(ours)
    assert path.name.endswith(".tar.age") and path.read_bytes().startswith(b"age-encryption.org/v1")
    assert b"Aalto" not in path.read_bytes() and path.stat().st_mode & 0o077 == 0
    assert ops("verify").exit_code == 0
    lose_everything(ours)
    result = ops("restore", "--drop-database")
    assert result.exit_code == 0, result.output
    assert service.store_for(ours).facts() == before
    assert "encrypted" in ops("list").output


def test_recipients_are_enough_to_write_and_not_to_read(
    ops: Ops, ours: Settings, use: Callable[[str], None], unchanged: None
) -> None:
    identity = pyrage.x25519.Identity.generate()
    use(f"{identity.to_public()}\n")
    assert ops("backup").exit_code == 0
    result = ops("restore", "--drop-database")
    assert result.exit_code == 1 and "must name a file with the identity" in result.output
    use(f"{identity}\n")
    assert ops("verify").exit_code == 0


def test_several_may_read_it(ops: Ops, ours: Settings, use: Callable[[str], None]) -> None:
    olga, safe = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    use(f"{olga.to_public()}\n{safe.to_public()}\n")
    assert ops("backup").exit_code == 0
    for each in (olga, safe):
        use(str(each))
        assert ops("verify").exit_code == 0


def test_another_key_is_refused_with_a_sentence(
    ops: Ops, ours: Settings, use: Callable[[str], None], unchanged: None
) -> None:
    use(str(pyrage.x25519.Identity.generate()))
    assert ops("backup").exit_code == 0
    use(str(pyrage.x25519.Identity.generate()))
    result = ops("restore", "--drop-database")
    assert result.exit_code == 1 and "another key" in result.output


def test_a_damaged_or_cut_one_is_refused(ops: Ops, ours: Settings, use: Callable[[str], None], unchanged: None) -> None:
    use(str(pyrage.x25519.Identity.generate()))
    assert ops("backup").exit_code == 0
    path = made(ours)
    whole = path.read_bytes()
    for damaged in (
        whole[:-1], whole[:1000], whole[:100], b"", b"?" * 500, whole + b"x",
        *(flipped(whole, at) for at in (0, 60, 200, 300, len(whole) // 2, len(whole) - 1)),
    ):  # fmt: skip
        path.write_bytes(damaged)
        result = ops("restore", "--drop-database")
        assert result.exit_code == 1 and isinstance(result.exception, SystemExit), result.exception
        assert "damaged" in result.output or "another key" in result.output


def test_a_key_file_that_holds_no_key_stops_the_backup(
    ops: Ops, ours: Settings, use: Callable[[str], None], own: Flask
) -> None:
    for content in ("", "# nothing\n", "age1nonsense\n", "AGE-SECRET-KEY-1NONSENSE", "ssh-rsa nonsense", "hello\n"):
        use(content)
        result = ops("backup")
        assert result.exit_code == 1 and "key" in result.output
        assert content.strip() not in result.output or not content.strip() or content.startswith("#")
    own.extensions["kroi.settings"] = replace(ours, backup_key_file="/nowhere/key")
    assert "No such file" in ops("backup").output
    assert not list(Path(ours.backup_url).glob("kroi-*")), "no plain one instead"
