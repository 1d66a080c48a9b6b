"""Anchors beside the database, restores that are told apart from cuts, and the command that says so."""

import stat

import pytest
from click.testing import Result
from flask import Flask

from kroi.accounts.audit import anchors, chain
from kroi.accounts.models import AuditHead
from kroi.db.model import session
from kroi.dealerships.models import Dealership
from tests.accounts.audit.tampering import made, tamper

BACK = ("DELETE FROM audit_entries WHERE number > :number", "UPDATE audit_heads SET number = :number, hash = :digest")


def flask(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *words])


@pytest.fixture(autouse=True)
def _fresh(app: Flask) -> None:
    anchors.path().unlink(missing_ok=True)


def an_older_database(number: int, then: int) -> None:
    """So many entries, then more, both with an anchor; and then the state of before is put back."""
    made(number)
    anchors.drop()
    digest = session.query(AuditHead).one().hash
    made(then)
    anchors.drop()
    tamper(*BACK, number=number, digest=digest)


def test_an_anchor_is_dropped_only_where_something_was_added(here: Dealership) -> None:
    assert anchors.drop() is None
    made(2)
    assert anchors.drop() is not None and anchors.drop() is None
    made(1)
    assert anchors.drop() is not None
    assert [each.number for each in anchors.read(here.id)] == [2, 3]


def test_the_file_is_for_its_owners_eyes(app: Flask) -> None:
    made(1)
    anchors.drop()
    assert stat.S_IMODE(anchors.path().stat().st_mode) == 0o600


def test_a_broken_line_hides_no_other(here: Dealership) -> None:
    made(1)
    anchors.drop()
    with anchors.path().open("a") as file:
        file.write('nonsense\n{"at": 1}\n[]\n')
    made(1)
    anchors.drop()
    assert [each.number for each in anchors.read(here.id)] == [1, 2]


def test_an_anchor_is_logged_too(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    made(3)
    written = anchors.drop()
    assert written is not None and f"entry 3, {written.hash}" in caplog.text


def test_a_restore_that_was_written_down_is_no_cut(here: Dealership) -> None:
    an_older_database(4, 3)
    assert chain.verify(anchors.read(here.id)).finding is not None
    anchors.note_restored()
    assert chain.verify(anchors.read(here.id)).finding is None
    made(5)
    anchors.drop()
    verdict = chain.verify(anchors.read(here.id))
    assert verdict.finding is None and verdict.entries == 9


def test_a_cut_after_a_restore_is_missed(here: Dealership) -> None:
    ours = here.id
    an_older_database(4, 3)
    anchors.note_restored()
    digest = session.query(AuditHead).one().hash
    made(2)
    anchors.drop()
    tamper(*BACK, number=4, digest=digest)
    finding = chain.verify(anchors.read(ours)).finding
    assert finding is not None and (finding.fault, finding.number, finding.last) == (chain.Fault.CUT, 5, 6)


def test_the_command_says_that_all_is_well(app: Flask) -> None:
    made(3)
    said = flask(app, "verify", "--dealership", "a.test")
    assert said.exit_code == 0 and "3 entries, whole and in order. No anchor is here yet" in said.output
    assert "entry 3" in flask(app, "anchor").output
    assert "1 anchors agree" in flask(app, "verify").output


def test_the_command_names_the_first_entry_and_fails(app: Flask) -> None:
    ids = made(5)
    tamper("UPDATE audit_entries SET action = 'x' WHERE number IN (3, 4)")
    said = flask(app, "verify")
    assert said.exit_code == 1
    assert f"A Motors: entry 3 (row {ids[2]}) was changed" in said.output and "B Motors: 0 entries" in said.output


def test_the_command_tells_an_older_database_apart_in_words(app: Flask) -> None:
    an_older_database(4, 3)
    said = flask(app, "verify")
    assert said.exit_code == 1 and "entry 5 to 7 is missing at the end" in said.output
    assert "an older database was put back by hand" in said.output and "accept-restore" in said.output
    assert flask(app, "accept-restore", "--yes").exit_code == 0
    assert flask(app, "verify").exit_code == 0


def test_a_house_that_there_is_not_is_said(app: Flask) -> None:
    said = flask(app, "verify", "--dealership", "nowhere.test")
    assert said.exit_code == 1 and "Say which dealership" in said.output


@pytest.mark.parametrize("command", ["verify", "anchor", "accept-restore"])
def test_help_has_an_example(app: Flask, command: str) -> None:
    assert f"Example: flask audit {command}" in flask(app, command, "--help").output
