"""The rehearsal of a loss rehearses one: a small one, every time."""

from pathlib import Path

import pytest

from tests.benchmarks.restoring import rehearse

pytestmark = pytest.mark.server


def test_everything_is_lost_and_comes_back(tmp_path: Path) -> None:
    said: list[str] = []
    found = rehearse("sqlite", 3, tmp_path / "house", said.append)
    assert found.lost == []
    assert found.rows > 4_000 and found.database_bytes > 1_500_000 and found.picture_bytes > 1_000_000
    assert list(found.seconds) == ["fill", "backup", "verify", "restore"] and found.rto > 0
    assert len(said) == 4
