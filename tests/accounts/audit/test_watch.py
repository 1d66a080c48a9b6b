"""The record is read again and again: whoever changed it is found within the hour, however long it is."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from kroi.accounts.audit import anchors, watch
from kroi.accounts.models import AuditEntry, User
from kroi.core import clock
from kroi.db.model import session
from tests.accounts.audit.tampering import made, rewrite, tamper
from tests.support.client import Client
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
OURS = "dealership_id = :ours"


@pytest.fixture(autouse=True)
def _fresh(app: Flask) -> None:
    watch._path().unlink(missing_ok=True)


def look() -> tuple[int, str | None, int | None]:
    """How far it is whole, and what is wrong where."""
    session.rollback()
    known = watch.look()
    return known.number, known.fault, known.fault_number


def test_an_honest_record_is_read_once_and_then_what_is_new() -> None:
    made(3)
    assert look() == (3, None, None)
    made(2)
    with counted_queries() as sent:
        assert look() == (5, None, None)
    assert len(sent) <= 4
    known = watch.find()
    assert known is not None and known.whole_at is not None and watch.trouble() is None


def test_nothing_is_said_before_anybody_looked() -> None:
    assert watch.find() is None and watch.trouble() is None
    assert look() == (0, None, None)


def test_a_long_record_is_read_a_stretch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "AT_ONCE", 4)
    made(10)
    found = []
    for _turn in range(3):
        number, fault, _at = look()
        known = watch.find()
        found.append((number, fault, known is not None and known.whole_at is not None))
    assert found == [(4, None, False), (8, None, False), (10, None, True)]


@pytest.mark.parametrize("number", [2, 4, 6])
def test_an_entry_behind_the_last_look_is_judged_at_once(number: int) -> None:
    made(3)
    look()
    made(4)
    tamper(f"UPDATE audit_entries SET action = 'other' WHERE number = {number} AND {OURS}")
    late = number < 4  # it was read before: the weekly reading finds it
    assert look() == ((7, None, None) if late else (3, "edited", number))


def test_what_was_read_before_is_read_again_after_a_week() -> None:
    made(5)
    look()
    tamper(f"UPDATE audit_entries SET action = 'other' WHERE number = 2 AND {OURS}")
    assert look() == (5, None, None)
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1), tick=False):
        assert look() == (0, "edited", 2)


def test_a_cut_end_and_an_end_written_anew_are_found_without_an_anchor() -> None:
    made(5)
    look()
    rewrite(5, action="other")
    assert look() == (5, "rewritten", 5)
    tamper(f"DELETE FROM audit_entries WHERE number = 5 AND {OURS}")
    assert look() == (5, "missing", 5)


def test_a_fault_stays_until_it_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "AT_ONCE", 2)
    made(6)
    tamper(f"UPDATE audit_entries SET action = 'other' WHERE number = 4 AND {OURS}")
    look()
    for days in (0, 1, 9):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            assert look() == (2, "edited", 4)
    tamper(f"UPDATE audit_entries SET action = 'change' WHERE number = 4 AND {OURS}")
    assert look() == (4, None, None)
    assert watch.trouble() is None


def test_a_restore_that_was_written_down_is_no_fault() -> None:
    made(5)
    look()
    tamper(
        f"DELETE FROM audit_entries WHERE number > 3 AND {OURS}",
        f"UPDATE audit_heads SET number = 3, hash = (SELECT hash FROM audit_entries WHERE number = 3 AND {OURS}) "
        f"WHERE {OURS}",
    )
    assert look() == (5, "missing", 5)
    anchors.note_restored()
    assert look() == (3, None, None)


def test_it_is_logged_with_entry_and_row(caplog: pytest.LogCaptureFixture) -> None:
    made(3)
    row = session.query(AuditEntry).filter_by(number=2).one().id
    tamper(f"UPDATE audit_entries SET action = 'other' WHERE number = 2 AND {OURS}")
    with caplog.at_level(logging.ERROR):
        look()
    [line] = [each.getMessage() for each in caplog.records if each.name == watch.__name__]
    assert f"entry 2, row {row}: edited" in line


def test_what_cannot_be_read_counts_as_nothing_known() -> None:
    for said in ("", "[]", '{"at": 1}', '{"at": "now", "begun_at": "", "whole_at": ""}'):
        watch._path().write_text(said)
        assert watch.find() is None


def test_owners_are_told_and_nobody_else(signed_in: SignIn, olga: User, ana: User, chris: User) -> None:
    made(3)
    tamper(f"UPDATE audit_entries SET action = 'other' WHERE number = 2 AND {OURS}")
    look()
    said = "Entry 2 of the record of who did what is not what was written."
    owner = signed_in(olga)
    assert said in owner.get("/staff/").text and said in owner.get("/staff/operations/").text
    assert said not in signed_in(ana).get("/staff/").text
    assert said not in signed_in(chris).get("/staff/").text, "another house has its own record"


def test_the_page_says_how_far_it_was_read(signed_in: SignIn, olga: User) -> None:
    client = signed_in(olga)
    assert "not yet: the worker does it" in client.get("/staff/operations/").text
    made(3)
    look()
    page = client.get("/staff/operations/").text
    assert "Whole up to entry" in page and "does the worker run?" not in page
    with time_machine.travel(clock.now() + timedelta(hours=7), tick=False):
        assert "does the worker run?" in client.get("/staff/operations/").text
