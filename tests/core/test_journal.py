"""Files that only grow: nothing written down is lost, and a broken line hides no other."""

import stat
from pathlib import Path

from kroi.core import journal


def test_lines_are_read_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "not yet there" / "lines.jsonl"
    assert journal.read(file) == []
    journal.append(file, {"number": 1, "name": "Äijälä\nand more"})
    journal.append(file, {"number": 2})
    assert journal.read(file) == [{"number": 1, "name": "Äijälä\nand more"}, {"number": 2}]
    assert len(file.read_bytes().splitlines()) == 2


def test_a_new_file_is_for_its_owners_eyes(tmp_path: Path) -> None:
    journal.append(tmp_path / "lines.jsonl", {})
    assert stat.S_IMODE((tmp_path / "lines.jsonl").stat().st_mode) == 0o600


def test_what_is_no_line_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('nonsense\n[1]\n\n"text"\n{"number": 1}\n{"number": 2')
    assert journal.read(file) == [{"number": 1}]


def test_a_line_after_a_torn_one_is_not_lost_with_it(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    journal.append(file, {"number": 1})
    with file.open("a") as torn:
        torn.write('{"num')  # the machine stopped here
    journal.append(file, {"number": 2})
    journal.append(file, {"number": 3})
    assert journal.read(file) == [{"number": 1}, {"number": 2}, {"number": 3}]


def test_bytes_that_are_no_text_hide_no_other_line(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    journal.append(file, {"number": 1})
    with file.open("ab") as broken:
        broken.write(b"\x00\xff\xfe\n")  # what a file system may leave after a loss of power
    journal.append(file, {"number": 2})
    assert journal.read(file) == [{"number": 1}, {"number": 2}]
