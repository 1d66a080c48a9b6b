"""The thin doors before `flask ops`: help with an example, and exit codes 0 done, 1 failed, 2 wrong use."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.server import OTHER_SETTINGS, ROOT

pytestmark = pytest.mark.slow

DOORS = ("backup", "monitor", "restore", "switch")


def knock(door: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one from another folder, for an installation of its own."""
    clean = dict.fromkeys((*OTHER_SETTINGS, "DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "OTHER_DATABASE_URL"), "")
    return subprocess.run(
        [ROOT / "scripts" / f"{door}-database.sh", *arguments], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, **clean, "KROI_ENV": "development", "KROI_INSTANCE": str(folder)},
    )  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_help_has_an_example_and_every_option(door: str, tmp_path: Path) -> None:
    said = knock(door, "--help", folder=tmp_path)
    assert said.returncode == 0, said.stderr
    assert f"scripts/{door}-database.sh" in said.stdout and "Usage:" in said.stdout and "Example:" in said.stdout


def test_wrong_use_and_failure_are_told_apart(tmp_path: Path) -> None:
    assert knock("switch", "oracle", folder=tmp_path).returncode == 2
    failed = knock("switch", "postgresql", "--no-env-file", folder=tmp_path)
    assert failed.returncode == 1 and "OTHER_DATABASE_URL" in failed.stderr


def test_a_backup_is_made_from_any_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "KROI_INSTANCE": str(tmp_path), "DATABASE_URL": "", "KROI_ENV": "development"}
    python = [str(ROOT / ".venv" / "bin" / "python"), "-m", "flask", "--app", str(ROOT / "app.py")]
    subprocess.run([*python, "db", "upgrade"], env=environment, cwd=ROOT, check=True, capture_output=True)
    made = knock("backup", "-o", "copies", folder=tmp_path)
    assert made.returncode == 0 and list((tmp_path / "copies").glob("*.tar")), made.stderr
    assert knock("monitor", folder=tmp_path).stdout.startswith("sqlite")
