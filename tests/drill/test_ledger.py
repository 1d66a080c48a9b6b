"""The drill's own judgement: it would see what was lost, doubled or wrongly answered."""

import json
from pathlib import Path

import pytest

from tests.drill import run
from tests.drill.ledger import AGAIN, REFUSED, SILENT, SUCCESS, WRONG, Ledger, verdict


@pytest.mark.parametrize(
    ("status", "headers", "worth"),
    [
        (200, {}, SUCCESS),
        (303, {}, SUCCESS),
        (422, {}, REFUSED),
        (404, {}, WRONG),
        (503, {"retry-after": "5"}, AGAIN),
        (429, {"retry-after": "10"}, AGAIN),
        (503, {}, WRONG),
        (500, {"retry-after": "5"}, WRONG),
        (502, {}, WRONG),
        (504, {}, WRONG),
    ],
)
def test_what_an_answer_is_worth(status: int, headers: dict[str, str], worth: str) -> None:
    assert verdict(status, headers) == worth


def test_what_was_acknowledged_and_is_not_kept_is_lost() -> None:
    ledger = Ledger()
    ledger.thank(1, "A-1")
    ledger.thank(2, "A-2")
    ledger.thank(3, "A-3")
    balance = ledger.compare([(1, "A-1"), (2, "A-9")])
    assert (balance.acknowledged, balance.lost) == (3, [2, 3])
    assert len(balance.faults()) == 1


def test_what_is_kept_twice_is_doubled_whoever_was_thanked() -> None:
    ledger = Ledger()
    ledger.thank(1, "A-1")
    balance = ledger.compare([(1, "A-1"), (1, "A-2"), (2, "A-3"), (2, "A-4")])
    assert (balance.lost, balance.doubled) == ([], [1, 2])


def test_what_was_not_acknowledged_may_be_kept_or_not() -> None:
    ledger = Ledger()
    ledger.thank(1, "A-1")
    assert not ledger.compare([(1, "A-1"), (7, "A-7")]).faults()


def test_one_reference_for_two_is_seen_and_so_are_two_for_one() -> None:
    ledger = Ledger()
    ledger.thank(1, "A-1")
    ledger.thank(2, "A-1")
    assert ledger.compare([(1, "A-1"), (2, "A-1")]).shared == ["A-1"]
    ledger.thank(2, "A-2")
    assert len(ledger.contradictions) == 1


def test_what_was_acknowledged_and_put_aside_is_seen() -> None:
    ledger = Ledger()
    ledger.thank(1, "A-1")
    assert ledger.compare([(1, "A-1")], spam=[1]).faults() == ["1 put aside as spam: [1]"]


def test_who_is_cut_off_is_answered_wrongly() -> None:
    ledger = Ledger()
    ledger.note(0.1, SILENT, "ConnectionResetError")
    ledger.note(0.1, SILENT, "IncompleteRead")
    assert ledger.since(0).wrong() == ["ConnectionResetError (1 times)", "IncompleteRead (1 times)"]
    assert ledger.since(0).wrong(but="IncompleteRead") == ["ConnectionResetError (1 times)"]


def test_a_fault_that_is_not_known_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run.main(["--only", "earthquake"])
    assert left.value.code == 2
    assert "disk full" in capsys.readouterr().err


def test_where_a_server_broke_is_a_fault_in_its_own_words(tmp_path: Path) -> None:
    told = ("failed, reference 1a2b: KeyError\n  File kroi/x.py", "no answer from the database: OperationalError")
    lines = [json.dumps({"level": "error", "message": words}) for words in told]
    (tmp_path / "kroi-web@.service-8000.log").write_text("\n".join(["The server starts", *lines]))
    (tmp_path / "nginx.log").write_text(lines[0])
    assert run.broken(tmp_path) == [told[0]]
