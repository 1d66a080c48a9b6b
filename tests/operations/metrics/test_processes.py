"""Several processes count for themselves and are read as one; also when some have died."""

import errno
import fcntl
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import Metric as Family

from kroi.operations.metrics import rules
from kroi.operations.metrics.rules import Value
from kroi.operations.metrics.service import Book
from kroi.operations.metrics.sharing import Folder
from tests.operations.metrics.test_metrics import Numbers, numbers
from tests.support.server import Server

ASKED = 60


def value(count: float, route: str = "/") -> Value:
    return Value(rules.REQUESTS, (route, "GET", "200"), count)


def total(families: list[Family]) -> dict[str, float]:
    """The sum of every sample by its name."""
    found: dict[str, float] = {}
    for family in families:
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[[], Folder]]:
    """Another process's part of one folder: what counts is the lock that it holds, not its number."""
    made: list[Folder] = []

    def start() -> Folder:
        made.append(Folder(tmp_path / "metrics"))
        return made[-1]

    yield start
    for each in made:
        each.close()


def test_counters_histograms_and_gauges_of_the_living_add_up(process: Callable[[], Folder]) -> None:
    one, other = process(), process()
    for folder, count in ((one, 3), (other, 4)):
        folder.write([value(count), Value(rules.PROCESSES, (), 1)])
        folder.write(rules.spread(rules.QUERIES, (), [0.1, 1.0], [count, 1, 0], 0.5))
    found = total(one.read())
    assert found["kroi_http_requests_total"] == 7 and found["kroi_processes"] == 2
    assert found["kroi_db_query_duration_seconds_count"] == 9 and found["kroi_db_query_duration_seconds_sum"] == 1


def test_what_the_dead_counted_stays_and_their_gauges_go(process: Callable[[], Folder]) -> None:
    one, other = process(), process()
    for folder in (one, other):
        folder.write([value(5), Value(rules.PROCESSES, (), 1)])
    other.close()
    for _look in range(2):
        assert total(one.read()) == {"kroi_http_requests_total": 10, "kroi_processes": 1}
    third = process()
    third.write([value(1)])
    assert total(third.read())["kroi_http_requests_total"] == 11


def test_many_restarts_do_not_fill_the_folder(process: Callable[[], Folder]) -> None:
    one = process()
    one.write([value(1)])
    for _restart in range(20):
        other = process()
        other.write([value(1)])
        other.close()
    assert total(one.read())["kroi_http_requests_total"] == 21
    assert len(list(one.path.iterdir())) <= 10


def test_the_first_to_start_begins_from_nothing(process: Callable[[], Folder]) -> None:
    before = process()
    before.write([value(100)])
    before.close()
    after = process()
    after.write([value(1)])
    assert total(after.read())["kroi_http_requests_total"] == 1


def test_a_file_that_was_cut_off_is_no_trouble(process: Callable[[], Folder]) -> None:
    one, other = process(), process()
    one.write([value(1)])
    other.write([value(2)])
    other.close()
    (cut,) = [path for path in one.path.glob("counter_*.db") if not _is_locked(path)]
    cut.write_bytes(cut.read_bytes()[:3])
    assert total(one.read())["kroi_http_requests_total"] == 1


def test_room_for_figures_is_taken_before_they_are_written(process: Callable[[], Folder]) -> None:
    """To write into a mapped file that the disk has no room for would end the process."""
    one, other = process(), process()
    for folder in (one, other):
        folder.write([value(1)])
    other.close()
    one.read()
    files = [path.stat() for path in one.path.glob("*.db")]
    assert len(files) == 5 and all(found.st_blocks * 512 >= found.st_size for found in files)


def test_a_full_disk_loses_figures_and_nothing_else(
    process: Callable[[], Folder], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = process(), process()
    for folder in (one, other):
        folder.write([value(1)])
    other.close()

    def full(*_any: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fallocate", full)
        third = process()
        with pytest.raises(OSError):
            third.write([value(1)])
        assert total(one.read())["kroi_http_requests_total"] == 2, "the dead one's count waits for room"
    third.write([value(1)])
    assert total(one.read())["kroi_http_requests_total"] == 3
    assert len(list(one.path.glob("*.alive"))) == 2


def test_first_requests_that_come_together_start_one_writer(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def start(book: Book) -> None:
        time.sleep(0.05)  # the others come meanwhile
        started.append("writer")
        book._process = os.getpid()

    monkeypatch.setattr(Book, "_start", start)
    book = Book(app, Folder(tmp_path / "metrics"), by_itself=True)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _each: book.served(), range(8)))
    assert started == ["writer"]


def _is_locked(path: Path) -> bool:
    """Does the process live that these figures are of?"""
    with (path.parent / f"{path.stem.rpartition('_')[2]}.alive").open("rb") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        body: bytes = answer.read()
    return body


def read_until(server: Server, enough: Callable[[Numbers], bool]) -> Numbers:
    """Other processes write once a second."""
    until = time.monotonic() + 20
    while True:
        found = numbers(get(f"{server.url}/metrics").decode())
        if enough(found) or time.monotonic() > until:
            return found
        time.sleep(0.2)


@pytest.mark.server
def test_two_workers_of_a_real_server_are_read_as_one(tmp_path: Path) -> None:
    server = Server(tmp_path, KROI_ENV="development", BCRYPT_COST="12", METRICS_TOKEN="")
    asked = ("kroi_http_requests_total", ("GET", "/robots.txt", "200"))
    server.start(processes=2)
    try:
        with ThreadPoolExecutor(8) as visitors:
            list(visitors.map(lambda _each: get(f"{server.url}/robots.txt"), range(ASKED)))
        found = read_until(server, lambda seen: seen.get(asked) == ASKED and seen["kroi_processes", ()] == 2)
        assert found[asked] == ASKED and found["kroi_processes", ()] == 2
        timed = ("kroi_http_request_duration_seconds_count", ("/robots.txt",))
        assert found[timed] == ASKED
        assert found["kroi_db_pool_connections", ("main", "most")] >= 2
    finally:
        server.stop()
    server.start()
    try:
        found = read_until(server, lambda seen: seen["kroi_processes", ()] == 1)
        assert asked not in found and found["kroi_processes", ()] == 1, "a start begins from nothing"
    finally:
        server.stop()
