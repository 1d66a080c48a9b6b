"""Kroi as it was before: the code of the last version whose schema is older than ours, from the project's history."""

import subprocess
from pathlib import Path

from tests.support.source import ROOT

VERSION_BEFORE = "09f5aa11ca0174a4635e418169b949a74f69ed2e"  # eleven migrations ago
WITHOUT_HISTORY = (
    f"The commit {VERSION_BEFORE[:7]} is not in this copy of the project (a shallow clone, or an archive), so the "
    "version before was not run on the new schema. `git fetch --unshallow` brings it."
)


def unpacked(folder: Path) -> Path | None:
    """That version's code in this folder; `None` where the history is not there."""
    made = subprocess.run(["git", "archive", VERSION_BEFORE], cwd=ROOT, check=False, capture_output=True)
    if made.returncode:
        return None
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=made.stdout, check=True)
    return folder
