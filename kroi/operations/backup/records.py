"""How the last backups went: notes in files, since a restored database knows only older ones."""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kroi.core.errors import Refusal

BACKUP, BASE, LOG = "last-backup.json", "last-base.json", "last-log.json"
_TRIAL = "last-restore-trial.json"


@dataclass(frozen=True)
class Record:
    """The last backup that was read back and found the same."""

    made_at: datetime
    file: str


@dataclass(frozen=True)
class Trial:
    """A backup that was restored into scratch and found the same: when, for how long, and how many rows."""

    at: datetime
    file: str
    seconds: float
    rows: int


@dataclass(frozen=True)
class Failure:
    """A backup that failed after the last good one, and why: a sentence without anything personal."""

    at: datetime
    why: str
    kind: str


def find_last(instance: Path, kind: str = BACKUP) -> Record | None:
    """The note of that kind, if there is one that can be read."""
    try:
        values = json.loads((instance / kind).read_text(encoding="utf-8"))
        return Record(datetime.fromisoformat(values["made_at"]), str(values["file"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_trial(instance: Path) -> Trial | None:
    """The last one, whoever asked for it: each backup begins with one, `verify` and `restore` are others."""
    try:
        values = json.loads((instance / _TRIAL).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(values["at"])
        return Trial(at, str(values["file"]), float(values["seconds"]), int(values["rows"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_trial(instance: Path, trial: Trial) -> None:
    """Write it down. Where that cannot be written, the trial was none the worse."""
    said: dict[str, str | float] = {
        "at": trial.at.isoformat(),
        "file": trial.file,
        "seconds": trial.seconds,
        "rows": trial.rows,
    }
    with contextlib.suppress(OSError):
        _write(instance / _TRIAL, said)


def find_failure(instance: Path, *kinds: str) -> Failure | None:
    """What went wrong since the last good one of its kind, if anything; the latest of these kinds, or of all."""
    found = [failure for kind in kinds or (BACKUP, BASE, LOG) if (failure := _failure(instance, kind))]
    return max(found, key=lambda failure: failure.at, default=None)


def _failure(instance: Path, kind: str) -> Failure | None:
    try:
        values = json.loads((instance / _failed(kind)).read_text(encoding="utf-8"))
        return Failure(datetime.fromisoformat(values["at"]), str(values["why"]), kind)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _failed(kind: str) -> str:
    return kind.replace(".json", "-failure.json")


def remember(instance: Path, record: Record, kind: str = BACKUP) -> None:
    """Write the note, whole or not at all; failures of its kind before it are forgotten."""
    _write(instance / kind, {"made_at": record.made_at.isoformat(), "file": record.file})
    forget_failure(instance, kind)


def forget_failure(instance: Path, kind: str) -> None:
    """It is mended."""
    (instance / _failed(kind)).unlink(missing_ok=True)


def note_failure(instance: Path, at: datetime, error: BaseException, kind: str = BACKUP) -> None:
    """Note that one failed, and why."""
    why = error.sentence if isinstance(error, Refusal) else type(error).__name__
    note_died(instance, at, f"{error.strerror}." if isinstance(error, OSError) and error.strerror else why, kind)


def note_died(instance: Path, at: datetime, why: str, kind: str = BACKUP) -> None:
    """The same in words. Where not even that can be written, the age of the last good one tells soon enough."""
    try:
        _write(instance / _failed(kind), {"at": at.isoformat(), "why": why})
    except OSError:
        return


def _write(path: Path, said: Mapping[str, str | float]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(said), encoding="utf-8")
    draft.replace(path)
