"""One test run: a folder that all its processes share, and the servers in it, which end with the run."""

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_FOLDER = "KROI_TEST_RUN"
_LARGE_ENOUGH = 2 * 1024**3  # bytes free in memory, or the folder lies on disk


def folder() -> Path:
    """The folder that every process of this run shares."""
    return Path(os.environ[_FOLDER])


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """One process of the run at a time in here."""
    with (folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ends_with_run(pid: int) -> None:
    """Kill this process at the end of the run."""
    (folder() / f"{pid}.pid").touch()


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run makes the folder; those that it starts find it in the environment."""
    if not hasattr(config, "workerinput"):
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="kroi-", dir=_fast_place())


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers, throw everything away."""
    if hasattr(config, "workerinput"):
        return
    for path in folder().glob("*.pid"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(int(path.stem), signal.SIGKILL)  # servers lead a group of their own
    shutil.rmtree(folder(), ignore_errors=True)


def _fast_place() -> str | None:
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _LARGE_ENOUGH
    return str(memory) if roomy else None
