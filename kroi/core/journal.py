"""Files that only grow, a line of JSON at a time: written beside the database, they outlive a restore of it."""

import json
import os
from pathlib import Path
from typing import Any


def append(path: Path, said: dict[str, Any]) -> None:
    """Add a line, on the disk when this returns; a new file is for its owner's eyes. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(said) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[dict[str, Any]]:
    """Every line, oldest first, none without a file; what is no line of ours (a torn one, say) is passed over."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [said for said in map(_parsed, lines) if isinstance(said, dict)]


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
