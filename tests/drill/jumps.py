"""By how many seconds the drill's clock is off: a file that one process writes and others read at every request."""

import os
from pathlib import Path


def write(file: Path, seconds: int) -> None:
    """Jump. Whoever reads meanwhile finds the number before or the one after, never half of one."""
    draft = file.with_suffix(".draft")
    draft.write_text(str(seconds), encoding="ascii")
    os.replace(draft, file)


def read(file: Path) -> int:
    """How far it is off now."""
    return int(file.read_text(encoding="ascii"))
