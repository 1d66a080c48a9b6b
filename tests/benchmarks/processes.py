"""What the operating system says of processes: processor time used, memory held."""

import os
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_UTIME, _CUTIME, _PARENT = 11, 13, 1  # places behind the name in /proc/<pid>/stat


def children(pid: int) -> list[int]:
    """The processes that this one started, and theirs."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = _fields(path)
        if fields:
            parents[int(path.parent.name)] = int(fields[_PARENT])
    found, new = [], {pid}
    while new:
        new = {each for each, parent in parents.items() if parent in new}
        found += sorted(new)
    return found


def processor_seconds(pids: list[int]) -> float:
    """Time on a processor, in programs and in the kernel, of these processes and of their ended children."""
    return sum(sum(map(int, fields[_UTIME : _CUTIME + 2])) for pid in pids if (fields := _fields_of(pid))) * _TICK


def resident_bytes(pid: int) -> int:
    """Memory that the process really holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def _fields_of(pid: int) -> list[str]:
    return _fields(Path(f"/proc/{pid}/stat"))


def _fields(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
