"""Backups that go to a bucket: whoever writes to it among the containers can reach it, and has its keys."""

import pytest

from tests.deploy.images import compose, services

WRITERS = ("worker", "backup", "postgres")  # of the ledger, of backups, of the log


@pytest.mark.parametrize("name", WRITERS)
def test_who_writes_backups_reaches_a_bucket_and_knows_what_the_file_of_settings_says(name: str) -> None:
    found = services()[name]
    assert any(not (compose()["networks"][network] or {}).get("internal") for network in found["networks"])
    assert found["env_file"] == [".env"], "AWS_* stand there"
    assert {"BACKUP_URL", "BACKUP_KEY_FILE"} <= found["environment"].keys()


def test_whatever_makes_backups_finds_the_key_in_the_same_place() -> None:
    assert all("backups:/var/lib/kroi/backups" in services()[name]["volumes"] for name in WRITERS)
