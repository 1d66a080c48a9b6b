"""What others made is exactly what was taken over."""

import hashlib

from tests.support import source


def test_vendored_files_match_their_checksums() -> None:
    folder = source.ROOT / "static"
    for line in (folder / "vendor" / "checksums.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        digest, name = line.split()[:2]
        assert hashlib.sha256((folder / name.lstrip("*")).read_bytes()).hexdigest() == digest, name


def test_pins_name_no_registry() -> None:
    for name in ("requirements.txt", "tests/requirements.txt"):
        assert "://" not in (source.ROOT / name).read_text(encoding="utf-8")
