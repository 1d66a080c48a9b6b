"""Files that only grow, a line of JSON at a time: written beside the database, they outlive a restore of it."""

import json
import os
from pathlib import Path
from typing import Any, BinaryIO


def append(path: Path, said: dict[str, Any]) -> None:
    """Add a line, on the disk when this returns; a new file is for its owner's eyes. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(said).encode("ascii") + b"\n"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with open(handle, "r+b") as file:
        file.write(b"\n" + line if _is_torn(file) else line)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[dict[str, Any]]:
    """Every line, oldest first, none without a file; what is no line of ours (a torn one, say) is passed over."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [said for said in map(_parsed, lines) if isinstance(said, dict)]


def _is_torn(file: BinaryIO) -> bool:
    """Does the file end within a line? What is added to that line would be lost with it."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
