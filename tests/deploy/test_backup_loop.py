"""The container that makes backups: its rounds, its health, its end."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.source import ROOT

SCRIPT = ["sh", str(ROOT / "scripts" / "backups.sh")]


def environment(folder: Path, *, works: bool = True) -> dict[str, str]:
    """With a `flask` that only notes how it was called."""
    stand_in = folder / "flask"
    stand_in.write_text(f'#!/bin/sh\necho "$@" >> {folder}/called\nexit {0 if works else 1}\n', encoding="ascii")
    stand_in.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "KROI_INSTANCE": str(folder)}


def check(folder: Path) -> int:
    return subprocess.run([*SCRIPT, "--check"], env=environment(folder), check=False).returncode


def called(folder: Path) -> list[str]:
    path = folder / "called"
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


@pytest.mark.parametrize("works", [True, False])
def test_it_makes_both_kinds_and_is_well_only_if_both_went_well(tmp_path: Path, *, works: bool) -> None:
    assert check(tmp_path) == 1
    loop = subprocess.Popen(SCRIPT, env=environment(tmp_path, works=works))
    try:
        until = time.monotonic() + 60
        while len(called(tmp_path)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        while works and check(tmp_path) and time.monotonic() < until:
            time.sleep(0.05)
        assert called(tmp_path) == ["ops backup", "ops base"]
        assert check(tmp_path) == (0 if works else 1)
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(timeout=60) == 0
    finally:
        loop.kill()
        loop.wait()


def test_an_old_mark_is_no_health(tmp_path: Path) -> None:
    mark = tmp_path / "last-backups"
    mark.touch()
    assert check(tmp_path) == 0
    os.utime(mark, (time.time() - 6 * 3600,) * 2)
    assert check(tmp_path) == 1
