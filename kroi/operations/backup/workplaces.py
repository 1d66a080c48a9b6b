"""Folders for scratch work: gone when the work is done, and at the next one's start when it died."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kroi.core import clock

_PREFIX, _MARK = ".kroi-scratch-", ".used"
_YOUNG = 60.0  # seconds in which a folder may be without its mark


@contextmanager
def within(near: Path) -> Iterator[Path]:
    """A folder in `near`, for the owner's eyes only. What dead ones left there goes first: it may fill the disk."""
    near.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in near.glob(f"{_PREFIX}*"):
        if _is_dead(left):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=near, prefix=_PREFIX) as name, Path(name, _MARK).open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)  # the system lets go of it when we die, however that happens
        yield Path(name)


def _is_dead(folder: Path) -> bool:
    try:
        with (folder / _MARK).open("r+") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        return folder.is_dir() and clock.now().timestamp() - folder.stat().st_mtime > _YOUNG
    except OSError:
        return False
