"""Base backups, what adds to them and the log lie in a bucket, and PostgreSQL comes back from there to any moment."""

import secrets
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto.server import ThreadedMotoServer

from kroi.operations.backup import places
from tests.operations.physical.conftest import Archiving
from tests.support.server import ROOT

pytestmark = pytest.mark.server


@pytest.fixture
def bucket(archiving: Archiving, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the server's log goes, and the commands write."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"s3://kroi-{secrets.token_hex(4)}/house"
    variables = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "BACKUP_URL": address,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    made = urllib.request.Request(f"http://{host}:{port}/{address.split('/')[2]}", method="PUT")
    urllib.request.urlopen(made).close()
    archiving.extra.update(variables)
    said = " ".join(f"{name}={value}" for name, value in variables.items())
    key = archiving.instance / "recipients.key"
    archiving._set(
        archive_command=f"env {said} BACKUP_KEY_FILE={key} {sys.executable} {ROOT}/scripts/wal.py archive %p"
    )
    yield address
    server.stop()


def test_it_goes_back_to_a_moment_from_a_bucket(archiving: Archiving, bucket: str) -> None:
    archiving.tick(0)
    assert f"{bucket}/physical/kroi-" in archiving.ops("base")
    archiving.tick(1)
    assert "what changed since" in archiving.ops("base")
    moment = archiving.tick(2) + timedelta(seconds=0.1)
    time.sleep(0.3)
    archiving.tick(3)
    archiving.picture.unlink()
    full, increment = places.at(bucket).sizes("physical/")
    listed = archiving.ops("list")
    assert full in listed and increment in listed and "files of the log" in listed
    assert "is good" in archiving.ops("verify", increment)
    assert "Restored from the log" in archiving.ops("restore", "--to", moment.isoformat(), "--drop-database")
    assert archiving.ticks() == [0, 1, 2]
    assert archiving.picture.read_bytes() == b"a picture" * 1000
    assert not [each for each in archiving.instance.rglob("*") if "scratch" in each.name]
