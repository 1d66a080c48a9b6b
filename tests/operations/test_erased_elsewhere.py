"""The list of who was erased lies beside the backups, too: a burnt disk does not bring back whom it had forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from kroi.core.config import Settings
from kroi.leads.privacy import ledger
from kroi.operations.backup import chore, ledgers, places
from tests.operations.test_erased_again import erase, names, person_of
from tests.support.makers import make_lead
from tests.support.server import free_port

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]


def copies(ours: Settings) -> list[Path]:
    return sorted(Path(ours.backup_url).glob("ledger/*"))


def test_after_the_loss_of_the_disk_they_are_erased_again(own: Flask, ours: Settings, ops: Ops) -> None:
    gone = person_of(make_lead("Anna Aho"))
    make_lead("Bert Berg")
    assert ops("backup").exit_code == 0
    erase(gone)
    assert chore.Maker().send_ledger(ours)
    ledger.path().unlink()
    result = ops("restore", "--drop-database")
    assert "people: 1, leads: 1" in result.output, result.output
    assert names() == {"Bert Berg"}
    assert len(ledger.read()) == 2, "the list is here again, and says that it was done twice"


def test_it_is_sent_once_for_each_time_that_it_grew(own: Flask, ours: Settings) -> None:
    maker = chore.Maker()
    assert not maker.send_ledger(ours), "nobody was erased"
    for name in ("Anna Aho", "Bert Berg"):
        erase(person_of(make_lead(name)))
        assert maker.send_ledger(ours)
        assert not maker.send_ledger(ours)
        (copy,) = copies(ours)
        assert copy.read_bytes() == ledger.path().read_bytes()
    assert not ledgers.send(ours, ours.backup_url), "another worker sees that it lies there"


def test_it_names_nobody(own: Flask, ours: Settings) -> None:
    erase(person_of(make_lead("Anna Aho", email="anna@example.com")))
    ledgers.send(ours, ours.backup_url)
    (copy,) = copies(ours)
    assert b"Anna" not in copy.read_bytes() and b"anna" not in copy.read_bytes()


def test_what_is_known_here_is_not_added_twice(own: Flask, ours: Settings) -> None:
    erase(person_of(make_lead("Anna Aho")))
    ledgers.send(ours, ours.backup_url)
    assert ledgers.bring(ours, ours.backup_url) == 0
    assert len(ledger.read()) == 1


def test_where_the_backups_do_not_answer_a_restore_says_so_and_goes_on(
    own: Flask, ours: Settings, ops: Ops, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(places, "_PATIENCE", timedelta(seconds=1))
    own.extensions["kroi.settings"] = replace(ours, backup_url="s3://away/kroi")
    result = ops("restore", backup, "--drop-database")
    assert result.exit_code == 0, result.output
    assert "could not be fetched: run flask ops erase-again" in result.output
