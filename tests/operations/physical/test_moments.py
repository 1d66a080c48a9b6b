"""PostgreSQL goes back to any moment, to within a second, and the live one is touched only when all is proven."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pyrage
import pytest
from psycopg.conninfo import make_conninfo

from kroi.core import clock
from kroi.core.errors import Refusal
from kroi.operations.backup.physical import bases
from kroi.operations.backup.physical import service as physical
from tests.operations.physical.conftest import Archiving
from tests.operations.test_locked_backups import flipped
from tests.support.postgres import plain

pytestmark = pytest.mark.server
A_TENTH = timedelta(seconds=0.1)


@pytest.fixture(scope="module")
def story(archiving: Archiving) -> dict[str, datetime]:
    """Rows written before, between and after a full base backup and an increment, and moments between them."""
    moments = {"before all": archiving.tick(0)}
    said = archiving.ops("base")
    assert "all files (there is none of this server to add to)" in said and ".tar.age" in said
    moments["after the full one"] = archiving.tick(1) + A_TENTH
    time.sleep(0.3)
    archiving.tick(2)
    assert "what changed since" in archiving.ops("base")
    archiving.base_ends = files(archiving, "wal/" + "[0-9A-F]" * 24)[-1].name
    for number in range(3, 13):
        at = archiving.tick(number)
        if number == 7:
            moments["in the middle"] = at + A_TENTH
        time.sleep(0.2)
    return moments


@pytest.fixture
def unchanged(archiving: Archiving) -> Iterator[None]:
    """Whatever the test does, the live server keeps its rows."""
    before = archiving.ticks()
    yield
    assert archiving.ticks() == before


@contextmanager
def changed(path: Path, content: bytes) -> Iterator[None]:
    """For a while a file holds something else."""
    before = path.read_bytes()
    path.write_bytes(content)
    yield
    path.write_bytes(before)


@contextmanager
def started(archiving: Archiving, folder: Path) -> Iterator[list[int]]:
    """A server on the files of this folder; the rows in it."""
    options = f"-h '' -k {archiving.instance} -c archive_mode=off"
    archiving.server._run("pg_ctl", "-D", str(folder), "-w", "-l", f"{folder}.log", "-o", options, "start")
    try:
        with psycopg.connect(make_conninfo(plain(archiving.url), host=str(archiving.instance))) as connection:
            yield [n for (n,) in connection.execute("SELECT n FROM ticks ORDER BY n")]
    finally:
        archiving.server._run("pg_ctl", "-D", str(folder), "-m", "immediate", "stop")
        shutil.rmtree(folder)


def wait(happened: Callable[[], object]) -> None:
    """Until the server has archived."""
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until, "the server does not archive"
        time.sleep(0.05)


def files(archiving: Archiving, pattern: str) -> list[Path]:
    return sorted(archiving.backups.glob(pattern))


def go_back(archiving: Archiving, moment: datetime) -> None:
    """The same as the command does, in this process: to be refused before a server of its own would start."""
    with physical.recovered(archiving.settings, archiving.backups, moment):
        raise AssertionError("it went")


def to(moment: datetime, *options: str | Path) -> tuple[str | Path, ...]:
    return "restore", "--to", moment.isoformat(), *options


def test_a_dry_run_proves_the_moment_and_changes_nothing(
    archiving: Archiving, story: dict[str, datetime], unchanged: None
) -> None:
    said = archiving.ops(*to(story["in the middle"], "--dry-run"))
    assert "is good" in said and "rows would become 8" in said
    assert not list(archiving.backups.glob(".kroi-scratch-*"))


def test_a_moment_that_cannot_be_reached_is_a_sentence(
    archiving: Archiving, story: dict[str, datetime], unchanged: None
) -> None:
    early = story["before all"] - timedelta(hours=1)
    for moment, words in ((early, "no base backup"), (early + timedelta(days=2), "still to come")):
        with pytest.raises(Refusal, match=words):
            go_back(archiving, moment)


def test_a_damaged_log_is_refused(archiving: Archiving, story: dict[str, datetime], unchanged: None) -> None:
    needed = archiving.backups / "wal" / bases.finish_log(plain(archiving.url))
    wait(needed.exists)
    later = [path for path in files(archiving, "wal/" + "[0-9A-F]" * 24) if path.name > archiving.base_ends]
    with ExitStack() as damage:
        for path in later:
            content = path.read_bytes()
            damage.enter_context(changed(path, flipped(content, len(content) // 2)))
        said = archiving.ops(*to(story["in the middle"], "--drop-database"), code=1)
    assert "The log cannot be read" in said and "damaged" in said


def test_a_damaged_base_backup_is_refused(archiving: Archiving, story: dict[str, datetime], unchanged: None) -> None:
    for path in files(archiving, "physical/*"):
        content = path.read_bytes()
        for damaged in (flipped(content, len(content) // 2), content[: len(content) // 2]):
            with changed(path, damaged), pytest.raises(Refusal, match="damaged"):
                physical.check(archiving.settings, archiving.backups, f"physical/{path.name}")
    with changed(path, damaged), pytest.raises(Refusal, match="damaged"):
        go_back(archiving, story["in the middle"])


def test_a_missing_link_of_the_chain_is_refused(
    archiving: Archiving, story: dict[str, datetime], unchanged: None
) -> None:
    (full,) = files(archiving, "physical/*-base-*")
    full.rename(archiving.backups / "aside")
    try:
        with pytest.raises(Refusal, match="no base backup"):
            go_back(archiving, story["in the middle"])
    finally:
        (archiving.backups / "aside").rename(full)


def test_another_key_is_refused(archiving: Archiving, story: dict[str, datetime], unchanged: None) -> None:
    other = str(pyrage.x25519.Identity.generate()).encode()
    with changed(archiving.key, other), pytest.raises(Refusal, match="another key"):
        go_back(archiving, story["in the middle"])


def test_the_whole_server_is_left_in_a_folder(
    archiving: Archiving, story: dict[str, datetime], unchanged: None
) -> None:
    folder = archiving.instance / "there"
    said = archiving.ops(*to(story["after the full one"], "--cluster", folder))
    assert "holds the server as of" in said
    with pytest.raises(Refusal, match="is not empty"):
        physical.leave(archiving.settings, archiving.backups, story["after the full one"], folder)
    with started(archiving, folder) as there:
        assert there == [0, 1]


def test_when_the_live_server_is_lost_all_that_was_archived_comes_back(
    archiving: Archiving, story: dict[str, datetime], unchanged: None
) -> None:
    folder, before = archiving.instance / "back", archiving.ticks()
    wait((archiving.backups / "wal" / bases.finish_log(plain(archiving.url))).exists)
    archiving.server.stop("immediate")
    try:
        said = archiving.ops(*to(clock.now(), "--cluster", folder), code=1)
        last = re.findall(r"ends at (\S+)\. With", said)
        assert len(last) == 1, said
        archiving.ops(*to(datetime.fromisoformat(last[0]), "--cluster", folder))
        with started(archiving, folder) as there:
            assert there == before
    finally:
        archiving.server.resume()


def test_it_goes_back_to_a_named_moment_and_then_to_another(archiving: Archiving, story: dict[str, datetime]) -> None:
    archiving.picture.unlink()
    said = archiving.ops(*to(story["in the middle"], "--drop-database"))
    assert "Restored from the log" in said and "Erased again" in said
    assert archiving.ticks() == list(range(8)), "all that was written until then, and nothing since"
    assert archiving.picture.read_bytes() == b"a picture" * 1000
    assert not list(archiving.backups.glob(".kroi-scratch-*"))
    archiving.tick(100)
    archiving.ops(*to(story["after the full one"], "--drop-database"))
    assert archiving.ticks() == [0, 1]
