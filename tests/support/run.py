"""One test run: a folder that all its processes share, and the servers in it, which end with the run.

However the run ends, killed -9 included: a guard waits at the other end of a pipe, and cleans up when it closes.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent.parent
_FOLDER = "KROI_TEST_RUN"
_LARGE_ENOUGH = 2 * 1024**3  # bytes free in memory, or the folder lies on disk
_guards: list[subprocess.Popen[bytes]] = []


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
    """Kill this process, which leads a group of its own, at the end of the run if there is one."""
    if _FOLDER in os.environ:
        _note(pid).touch()


def ended(pid: int) -> None:
    """This process is gone already, and its number may be somebody else's."""
    if _FOLDER in os.environ:
        _note(pid).unlink(missing_ok=True)


def _note(pid: int) -> Path:
    return folder() / f"{pid}.pid"


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run makes the folder; those that it starts find it in the environment."""
    if not hasattr(config, "workerinput"):
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="kroi-", dir=_fast_place())
        _guards.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.support.run", os.environ[_FOLDER]],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let the guard clean up."""
    while _guards:
        _guards.pop().communicate()


def guard(run_folder: Path) -> None:
    """Wait for the end of the run, then end its servers and throw everything away."""
    sys.stdin.read()
    for path in run_folder.glob("*.pid"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(int(path.stem), signal.SIGKILL)
    shutil.rmtree(run_folder, ignore_errors=True)


def _fast_place() -> str | None:
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _LARGE_ENOUGH
    return str(memory) if roomy else None


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
