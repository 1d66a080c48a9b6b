"""Whatever is done to the record by SQL, the first entry that it was done to is named."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from kroi.accounts.audit import anchors, chain
from kroi.accounts.audit.chain import Fault, Finding, Verdict
from kroi.accounts.models import AuditEntry, AuditHead
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.accounts.audit.tampering import made, rewrite, tamper

pytestmark = pytest.mark.slow

OURS = "dealership_id = :ours"
HEAD = (
    "UPDATE audit_heads SET number = :number, hash = "
    f"(SELECT hash FROM audit_entries WHERE number = :number AND {OURS})"
)


def verify() -> Verdict:
    session.rollback()
    return chain.verify(anchors.read(session.query(Dealership).filter_by(host="a.test").one().id))


def found() -> Finding:
    finding = verify().finding
    assert finding is not None
    return finding


def named(finding: Finding) -> tuple[Fault, int, int]:
    return finding.fault, finding.number, finding.last


def forget_anchors() -> None:
    anchors.path().unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _fresh(app: Flask) -> None:
    forget_anchors()


def test_an_honest_record_is_whole() -> None:
    made(12)
    assert anchors.drop() is not None
    assert verify() == Verdict(12, 1, None)


def test_an_empty_record_is_whole() -> None:
    assert verify() == Verdict(0, 0, None)


def test_it_is_read_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "_AT_ONCE", 3)
    made(9)
    assert verify() == Verdict(9, 0, None)
    tamper("DELETE FROM audit_entries WHERE number = 7")
    assert named(found()) == (Fault.MISSING, 7, 7)


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = 99", "action = 'sign in'", "subject_kind = 'lead'", "subject_id = 77", "person_id = 5",
        "sealed = 'x'", "details = '{\"price\": 1}'", "at = '2020-01-01 00:00:00+00:00'", "hash = previous_hash",
        "previous_hash = hash",
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", [1, 4, 6])
def test_an_edited_entry_is_named(change: str, number: int) -> None:
    ids = made(6)
    tamper(f"UPDATE audit_entries SET {change} WHERE number = :number", number=number)
    finding = found()
    assert named(finding) == (Fault.EDITED, number, number)
    assert finding.row_id == ids[number - 1]


@pytest.mark.parametrize("number", [1, 3, 6])
def test_an_entry_whose_hash_was_made_anew_is_named(number: int) -> None:
    ids = made(6)
    rewrite(number, action="sign in")
    finding = found()
    assert named(finding) == (Fault.REWRITTEN, number, number)
    assert finding.row_id == ids[number - 1]


@pytest.mark.parametrize(("number", "last"), [(1, 1), (3, 3), (3, 5), (6, 6)])
def test_a_deleted_entry_is_named(number: int, last: int) -> None:
    made(6)
    tamper("DELETE FROM audit_entries WHERE number BETWEEN :number AND :last", number=number, last=last)
    assert named(found()) == (Fault.MISSING, number, last)


def test_two_entries_in_each_others_place_are_named_by_the_first() -> None:
    made(6)
    moves = [(2, -1), (5, 2), (-1, 5)]
    tamper(*[f"UPDATE audit_entries SET number = {new} WHERE number = {old}" for old, new in moves])
    assert named(found()) == (Fault.EDITED, 2, 2)


def forged(number: int, **values: Any) -> None:
    """Insert an entry that adds up and follows the one before it."""
    tamper(
        "INSERT INTO audit_entries (dealership_id, number, at, action, subject_kind, details, previous_hash, hash) "
        "SELECT dealership_id, :number, at, 'forged', 'car', details, hash, 'later' FROM audit_entries "
        f"WHERE number = :number - 1 AND {OURS}",
        number=number, **values,
    )  # fmt: skip
    rewrite(number)


def test_an_entry_at_the_end_that_nobody_wrote_is_named() -> None:
    made(6)
    forged(7)
    assert named(found()) == (Fault.ADDED, 7, 7)


def test_an_entry_slipped_in_between_is_named_though_the_others_moved_along() -> None:
    made(6)
    tamper(
        "UPDATE audit_entries SET number = -number - 1 WHERE number > 3",
        "UPDATE audit_entries SET number = -number WHERE number < 0",
    )
    forged(4)
    assert named(found()) == (Fault.ADDED, 4, 4)


def test_an_entry_before_the_first_is_named() -> None:
    made(3)
    forged(4)
    tamper("UPDATE audit_entries SET number = 0 WHERE number = 4")
    assert named(found()) == (Fault.ADDED, 0, 0)


def test_a_cut_end_is_missed_by_the_head() -> None:
    made(6)
    tamper("DELETE FROM audit_entries WHERE number > 4")
    assert named(found()) == (Fault.MISSING, 5, 6)


def test_a_cut_end_with_its_head_is_missed_by_the_anchor() -> None:
    made(6)
    anchors.drop()
    tamper("DELETE FROM audit_entries WHERE number > 4", HEAD, number=4)
    finding = found()
    assert named(finding) == (Fault.CUT, 5, 6)
    assert finding.anchor is not None and finding.anchor.number == 6


def test_a_record_that_was_emptied_is_missed_by_the_anchor() -> None:
    made(6)
    anchors.drop()
    tamper("DELETE FROM audit_entries", "DELETE FROM audit_heads")
    assert named(found()) == (Fault.CUT, 1, 6)


def test_a_record_written_anew_to_its_end_is_known_between_two_anchors() -> None:
    made(3)
    anchors.drop()
    made(4)
    anchors.drop()
    previous = rewrite(5, action="sign in")
    for number in (6, 7):
        previous = rewrite(number, previous_hash=previous)
    tamper(HEAD, number=7)
    assert named(found()) == (Fault.REWRITTEN, 4, 7)


def test_a_missing_head_and_a_wrong_one_are_named() -> None:
    made(4)
    tamper("UPDATE audit_heads SET number = 9")
    assert named(found()) == (Fault.MISSING, 5, 9)
    tamper("UPDATE audit_heads SET number = 2")
    assert named(found()) == (Fault.ADDED, 3, 4)
    tamper("DELETE FROM audit_heads")
    assert found().fault is Fault.HEADLESS


@pytest.mark.parametrize(("details", "at"), [("nonsense", "2026-11-22 00:00:00"), ("{}", "nonsense")])
def test_what_cannot_even_be_read_does_not_add_up(details: str, at: str) -> None:
    facts: dict[str, Any] = dict.fromkeys(chain._FACTS)
    row = SimpleNamespace(**facts, details=details, at=at, previous_hash="", number=1, hash="")
    assert not chain._adds_up(row)  # type: ignore[arg-type]


def test_one_house_does_not_vouch_for_another(there: Dealership) -> None:
    theirs = there.id
    made(3)
    with acting_for(theirs):
        made(3)
        anchors.drop()
        tamper(f"DELETE FROM audit_entries WHERE number = 2 AND {OURS}")
        assert named(chain.verify(anchors.read(theirs)).finding or Finding(Fault.CUT, 0, 0)) == (Fault.MISSING, 2, 2)
    assert verify().finding is None and verify().anchors == 0


def test_the_application_itself_can_change_no_entry(app: Flask) -> None:
    made(2)
    for verb in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(Exception, match="only added to|permission denied"):
            session.connection().exec_driver_sql(verb)
        session.rollback()
    assert session.query(AuditEntry).count() == 2 and session.query(AuditHead).count() == 1
