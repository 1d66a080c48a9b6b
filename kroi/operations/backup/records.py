"""Which backup was the last good one: a note in a file, since a restored database knows only older ones."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_FILE = "last-backup.json"


@dataclass(frozen=True)
class Record:
    """The last backup that was read back and found the same."""

    made_at: datetime
    file: str


def find_last(instance: Path) -> Record | None:
    """The note, if there is one that can be read."""
    try:
        values = json.loads((instance / _FILE).read_text(encoding="utf-8"))
        return Record(datetime.fromisoformat(values["made_at"]), str(values["file"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(instance: Path, record: Record) -> None:
    """Write the note, whole or not at all."""
    draft = instance / f".{_FILE}.{os.getpid()}"
    draft.write_text(json.dumps({"made_at": record.made_at.isoformat(), "file": record.file}), encoding="utf-8")
    draft.replace(instance / _FILE)
