"""What lies on the disk below a living SQLite database."""

import subprocess
from collections.abc import Iterator
from pathlib import Path


def raw_files(database: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of its file, its write log and its shared memory.

    Read by another process: closing one of them here would drop every lock that this process has on it (POSIX says
    so), and whoever opens the database next would cut the shared memory that is mapped here.
    """
    for each in sorted(database.parent.glob(f"{database.name}*")):
        yield each.name, subprocess.run(["cat", str(each)], capture_output=True, check=True).stdout
