"""A folder in which each process keeps what it counted, in prometheus-client's files, and anybody adds it up.

A process marks its files with a lock for as long as it lives, which the system lets go of when it dies, however it
does. What the dead counted is added to one file of the past, so that sums never fall while anybody serves and the
folder does not grow; who finds nobody alive empties it. Numbers of processes would not do: containers share them.
"""

import contextlib
import fcntl
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import Metric as Family
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.multiprocess import MultiProcessCollector

from kroi.operations.metrics.rules import Kind, Value

_GAUGES = "gauge_livesum"  # the name by which the collector knows how to add them up
_PAST, _BEGUN = "past", "begun"
_NEVER = 0.0  # the time of a value in the files, by which nothing of ours is chosen
_SUFFIXES = {"counter": 1 << 20, "histogram": 1 << 21, _GAUGES: 1 << 16}  # with bytes enough for all that we count


class Folder:
    """The shared folder, and this process's files in it once it has written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._alive: int | None = None
        self._files: dict[str, MmapedDict] = {}
        self._written: dict[str, float] = {}
        self._process = 0

    def write(self, values: Iterable[Value]) -> None:
        """What this process has counted since it started; only what changed is written. Raises OSError."""
        if self._process != os.getpid():
            self._open()
        for value in values:
            key = _key(value)
            if self._written.get(key) != value.number:
                self._written[key] = value.number
                self._files[_sort(value.metric.kind)].write_value(key, value.number, _NEVER)

    def read(self) -> list[Family]:
        """The sums over all processes, the dead included. Raises OSError."""
        with self._locked():
            self._bury()
            return list(MultiProcessCollector.merge([str(path) for path in self.path.glob("*.db")]))

    def since(self) -> datetime | None:
        """When the first of those who have counted since began (UTC)."""
        try:
            return datetime.fromtimestamp((self.path / _BEGUN).stat().st_mtime, UTC)
        except OSError:
            return None

    def close(self) -> None:
        """Hand over to the past, as at the end of the process."""
        if self._alive is not None and self._process == os.getpid():
            for file in self._files.values():
                file.close()
            os.close(self._alive)
        self._alive, self._files, self._written, self._process = None, {}, {}, 0

    def _open(self) -> None:
        """Also after a fork: the parent's files stay the parent's."""
        self._files, self._written = {}, {}
        with self._locked():
            self._bury()
            if not any(self.path.glob("*.alive")):
                for path in self.path.glob("*.db"):
                    path.unlink()
                (self.path / _BEGUN).touch()
            name = secrets.token_hex(8)
            self._alive = os.open(self.path / f"{name}.alive", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._alive, fcntl.LOCK_EX)
            try:
                self._files = {each: _mapped(self.path / f"{each}_{name}.db", each) for each in _SUFFIXES}
            except OSError:
                os.close(self._alive)  # so that what was begun is buried
                raise
        self._process = os.getpid()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time opens, buries or adds up."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _bury(self) -> None:
        """Add what the dead counted to the past. Whoever holds no lock on their mark is dead."""
        for mark in self.path.glob("*.alive"):
            if _is_free(mark):
                (self.path / f"{_GAUGES}_{mark.stem}.db").unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # no room: until there is, the files of the dead are read
                    self._add_to_the_past(mark)

    def _add_to_the_past(self, mark: Path) -> None:
        for each in ("counter", "histogram"):
            path = self.path / f"{each}_{mark.stem}.db"
            if path.exists():
                _add(path, _mapped(self.path / f"{each}_{_PAST}.db", each))
                path.unlink()
        mark.unlink()


def _mapped(path: Path, sort: str) -> MmapedDict:
    """Its room is taken first: to write into a mapped file that the disk has no room for ends the process."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    is_new = not os.fstat(handle).st_size
    try:
        os.posix_fallocate(handle, 0, _SUFFIXES[sort])
    except OSError:
        if is_new:
            path.unlink()
        raise
    finally:
        os.close(handle)
    return MmapedDict(str(path))


def _is_free(mark: Path) -> bool:
    handle = os.open(mark, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _add(path: Path, file: MmapedDict) -> None:
    try:
        for key, number, _stamp, _place in MmapedDict.read_all_values_from_file(str(path)):
            file.write_value(key, file.read_value(key)[0] + number, _NEVER)
    except (RuntimeError, ValueError, struct.error):  # cut off in the middle of a write: what follows is lost
        return
    finally:
        file.close()


def _sort(kind: Kind) -> str:
    return _GAUGES if kind is Kind.GAUGE else kind.value


def _key(value: Value) -> str:
    metric = value.metric
    labels = [*metric.labels, *(["le"] if value.bound else [])]
    words = [*value.labels, *([value.bound] if value.bound else [])]
    family = metric.name.removesuffix("_total")
    return mmap_key(family, metric.name + value.suffix, labels, words, metric.help)
