"""Backups far away: a real server that speaks S3 keeps, lists, gives back and forgets them."""

import secrets
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from moto.server import ThreadedMotoServer

from kroi.core import clock
from kroi.core.config import Settings, SettingsError
from kroi.core.errors import Conflict, NotFound
from kroi.operations.backup import places, records, service
from kroi.operations.backup.physical import wal
from tests.operations.test_backup import flip, lose_everything, models
from tests.support.makers import make_car
from tests.support.server import free_port

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of the server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def place(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket; the usual variables say where it is."""
    name = f"kroi-{secrets.token_hex(4)}"
    for variable, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(variable, value)
    with urllib.request.urlopen(urllib.request.Request(f"{s3}/{name}", method="PUT")):
        return f"s3://{name}/north/house"


def test_a_backup_goes_there_and_comes_back(place: str, ops: Ops, ours: Settings) -> None:
    before = service.store_for(ours).facts()
    result = ops("backup", "-o", place)
    assert result.exit_code == 0, result.output
    assert f"{place}/kroi-" in result.output
    (name,) = places.at(place).sizes()
    assert ops("list", "-o", place).output.startswith(name)
    assert ops("verify", name, "-o", place).exit_code == 0
    lose_everything(ours)
    result = ops("restore", f"{place}/{name}", "--drop-database")
    assert result.exit_code == 0, result.output
    assert service.store_for(ours).facts() == before
    assert models() == ["A0", "A1", "A2"]
    assert not [path for path in ours.instance.rglob("*") if "scratch" in path.name]


def test_without_a_name_the_newest_is_meant(place: str, ops: Ops, own: Flask, ours: Settings) -> None:
    own.extensions["kroi.settings"] = replace(ours, backup_url=place)
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=True):
        assert ops("backup").exit_code == 0
    make_car(model="since")
    assert ops("backup").exit_code == 0
    assert ops("restore", "--drop-database").exit_code == 0
    assert "since" in models()


def test_old_ones_are_forgotten_there_too(place: str, ops: Ops) -> None:
    with time_machine.travel(clock.now() - timedelta(days=31), tick=True):
        assert ops("backup", "-o", place).exit_code == 0
    assert "1 older than 30 days" in ops("backup", "-o", place).output
    assert len(places.at(place).sizes()) == 1


def test_one_that_was_damaged_there_is_refused(place: str, ops: Ops, tmp_path: Path, unchanged: None) -> None:
    ops("backup", "-o", place)
    there = places.at(place)
    (name,) = there.sizes()
    copy = there.fetch(name, tmp_path)
    there.delete(name)
    flip(copy, copy.stat().st_size // 2)
    assert there.put(name, copy)
    result = ops("restore", "-o", place, "--drop-database")
    assert result.exit_code == 1 and "damaged" in result.output


def test_a_name_that_is_not_there_is_wrong_use(place: str, ops: Ops) -> None:
    assert ops("verify", "kroi-20260101T000000Z-sqlite.tar", "-o", place).exit_code == 2
    result = ops("restore", "-o", place)
    assert result.exit_code == 1 and "not empty" in result.output
    result = ops("verify", "-o", place)
    assert result.exit_code == 1 and "There are no backups" in result.output


def test_nothing_that_lies_there_is_replaced(place: str, tmp_path: Path) -> None:
    there, one, other = places.at(place), tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"one")
    other.write_bytes(b"other")
    assert there.put("wal/000000010000000000000001", one)
    assert not there.put("wal/000000010000000000000001", other)
    assert there.fetch("wal/000000010000000000000001", tmp_path).read_bytes() == b"one"
    assert there.sizes("wal/") == {"wal/000000010000000000000001": 3} and there.sizes() == {}


def test_what_reads_back_differently_does_not_stay(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there, one = places.at(place), tmp_path / "one"
    one.write_bytes(b"one")
    with monkeypatch.context() as broken, pytest.raises(Conflict, match="reads back differently"):
        broken.setattr(places, "_digest", lambda blocks: "another")
        there.put("one", one)
    assert there.sizes() == {}
    assert there.put("one", one), "the next try finds nothing in its way"


def test_the_log_of_postgresql_is_kept_there_once(place: str, tmp_path: Path) -> None:
    there, segment = places.at(place), tmp_path / "00000001000000000000000A"
    segment.write_bytes(secrets.token_bytes(50_000))
    for _turn in range(2):
        wal.archive(there, None, segment)
    wal.fetch(there, None, segment.name, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == segment.read_bytes()
    segment.write_bytes(secrets.token_bytes(50_000))
    with pytest.raises(Conflict, match="another server"):
        wal.archive(there, None, segment)
    with pytest.raises(NotFound):
        wal.fetch(there, None, "00000001000000000000000B", tmp_path / "back")


def test_a_large_file_goes_in_parts(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_ONE_REQUEST", 1_000_000)
    there, large = places.at(place), tmp_path / "large"
    large.write_bytes(secrets.token_bytes(11_000_000))
    assert there.put("large.tar", large) and not there.put("large.tar", large)
    (tmp_path / "back").mkdir()
    assert there.fetch("large.tar", tmp_path / "back").read_bytes() == large.read_bytes()


def test_what_arrives_otherwise_than_it_left_is_a_failure(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places.Bucket, "_blocks", lambda self, name: iter([b"something else"]))
    (tmp_path / "one").write_bytes(b"one")
    with pytest.raises(Conflict, match="reads back differently"):
        places.at(place).put("one.tar", tmp_path / "one")


def test_a_bucket_that_does_not_answer_is_a_sentence(
    place: str, ops: Ops, ours: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(places, "_PATIENCE", timedelta(seconds=1))
    result = ops("backup", "-o", place)
    assert result.exit_code == 1 and "does not answer" in result.output and "secret" not in result.output
    failure = records.find_failure(ours.instance)
    assert failure is not None and place in failure.why


def test_a_bucket_that_is_not_there_is_a_sentence(place: str, ops: Ops, tmp_path: Path) -> None:
    result = ops("backup", "-o", "s3://nobody-made-this/x")
    assert result.exit_code == 1 and "s3://nobody-made-this/x is not there" in result.output
    (tmp_path / "one").write_bytes(b"one")
    with pytest.raises(Conflict, match="is not there"):
        places.at("s3://nobody-made-this/x").put("one", tmp_path / "one")


def test_a_bucket_that_lets_nobody_in_is_a_sentence(place: str, ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when only the listing is forbidden. What it answers may repeat a key."""
    with refusing() as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        for command in ("backup", "list", "verify"):
            result = ops(command, "-o", place)
            assert result.exit_code == 1 and "does not let us in" in result.output, result.output
            assert "AccessDenied" not in result.output


@contextmanager
def refusing() -> Iterator[str]:
    """A bucket without rights."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(403)
            self.end_headers()
            self.wfile.write(b"<Error><Code>AccessDenied</Code></Error>")

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("wrong", ["ftp://x/y", "s3://", "https://bucket/x"])
def test_an_address_that_is_neither_folder_nor_bucket_stops_the_start(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BACKUP_URL"):
        Settings.from_env({"BACKUP_URL": wrong}, instance=tmp_path)
