"""Files as they come: encodings, separators, quotes, packing, and what is no list of cars at all."""

import gzip
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.imports.rules import encodings, files, separated
from kroi.catalogue.imports.rules.tables import Table
from kroi.core.errors import Invalid

pytestmark = pytest.mark.slow

HEAD = "make,model,price"


def table_of(tmp_path: Path, content: bytes) -> Table:
    path = tmp_path / "cars"
    path.write_bytes(content)
    return files.read_table(files.load(path))


def sentence_about(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        table_of(tmp_path, content)
    return refused.value.sentence


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_every_encoding_gives_the_same_words(name: str, tmp_path: Path) -> None:
    text = "make;model\nŠkoda;Käytetty ÜÖ\n" if "utf" in name else "make;model\nSkoda;Käytetty ÜÖ\n"

    table = table_of(tmp_path, text.encode(name))

    assert table.rows[0].cells["model"] == "Käytetty ÜÖ"


def test_lines_in_two_encodings_are_both_read(tmp_path: Path) -> None:
    table = table_of(tmp_path, b"make,model\n" + "Citroën,C1\n".encode() + "Citroën,C4\n".encode("latin-1"))

    assert [row.cells["make"] for row in table.rows] == ["Citroën", "Citroën"]


def test_a_file_cut_off_inside_a_letter_keeps_its_rows(tmp_path: Path) -> None:
    text, name = encodings.decode("a,b\n1,Citroë".encode()[:-1])

    assert (text, name) == ("a,b\n1,Citro", "utf-8")


@given(st.binary(max_size=2000))
def test_no_bytes_break_the_decoder(content: bytes) -> None:
    text, name = encodings.decode(content)

    assert isinstance(text, str) and name


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    lines = [["make", "model", "price"], ["Audi", "A4", "15 900,00"], ["VW", "Golf, Variant", "9 000"]]
    text = "".join(separator.join(f'"{cell}"' if separator in cell else cell for cell in line) + "\n" for line in lines)

    table = separated.read(text)

    assert table.columns == ("make", "model", "price")
    assert table.rows[1].cells["model"] == "Golf, Variant"


def test_a_spreadsheets_own_word_for_the_separator_is_heard() -> None:
    assert separated.read("sep=;\nmake;model\nAudi;A4,A5\n").rows[0].cells == {"make": "Audi", "model": "A4,A5"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_line_ends(ending: str) -> None:
    assert len(separated.read(ending.join((HEAD, "Audi,A4,1", "Audi,A6,2", ""))).rows) == 2


def test_columns_of_the_same_name_are_told_apart_and_nameless_ones_named() -> None:
    assert separated.read("price,price,,make\n1,2,3,4\n").columns == ("price", "price (2)", "column 3", "make")


def test_short_rows_are_read_and_long_ones_refused() -> None:
    table = separated.read(HEAD + "\nAudi,A4\nAudi,A4,1,2\nAudi,A4,1,,\n")

    assert table.rows[0].cells == {"make": "Audi", "model": "A4"} and table.rows[0].fault is None
    assert table.rows[1].fault == separated.TOO_MANY
    assert table.rows[2].fault is None


def test_a_row_in_whose_middle_the_file_ends_is_not_believed() -> None:
    rows = separated.read(HEAD + "\nAudi,A4,15900\nAudi,A").rows

    assert [row.fault for row in rows] == [None, separated.BROKEN_OFF]


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    rows = separated.read(HEAD + '\nAudi,A4,1\n"Audi,A5,2\nAudi,A6,3\n').rows

    assert [row.fault for row in rows] == [None, separated.UNCLOSED, None]
    assert rows[2].cells["model"] == "A6"


def test_line_breaks_inside_quotes_belong_to_the_cell() -> None:
    assert separated.read(HEAD + '\n"Audi","A4\nAvant",1\n').rows[0].cells["model"] == "A4 Avant"


def test_an_enormous_cell_costs_its_row_only() -> None:
    table = separated.read(f"{HEAD}\nAudi,{'x' * 1_100_000},1\nAudi,A4,1\n")

    assert [row.fault for row in table.rows] == [separated.TOO_LONG, None]


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), max_size=5), max_size=8))
def test_no_text_breaks_the_reader(lines: list[list[str]]) -> None:
    text = "\n".join(",".join(line) for line in lines)
    try:
        table = separated.read(text)
    except Invalid:
        return
    assert [row.number for row in table.rows] == list(range(1, len(table.rows) + 1))


def test_hostile_quotes_are_read_in_time() -> None:
    began = time.process_time()

    separated.read(HEAD + "\n" + 'a,"b\n"c""d\n' * 8_000)

    assert time.process_time() - began < 2


def test_a_packed_file_is_unpacked(tmp_path: Path) -> None:
    assert len(table_of(tmp_path, gzip.compress(f"{HEAD}\nAudi,A4,1\n".encode())).rows) == 1


def test_a_packed_file_that_was_cut_off_still_gives_its_first_rows(tmp_path: Path) -> None:
    lines = "".join(f"Audi,A{number % 977},{number * 7919 % 9973}\n" for number in range(200_000))
    packed = gzip.compress(f"{HEAD}\n{lines}".encode())

    table = table_of(tmp_path, packed[: len(packed) * 2 // 3])

    assert 1000 < len(table.rows) < 200_000


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1_000_000)

    assert "larger than" in sentence_about(tmp_path, gzip.compress(b"0" * 5_000_000))


def test_a_bomb_is_known_by_how_much_it_swells(tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)

    assert "far more than a list of cars" in sentence_about(tmp_path, bomb)


def test_a_file_with_a_column_for_everything_is_refused(tmp_path: Path) -> None:
    wide = ",".join(f"c{number}" for number in range(20_000))

    assert "more than 5,000 columns" in sentence_about(tmp_path, f"{wide}\n{wide}\n".encode())


def test_what_is_no_list_is_refused_with_its_name(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("cars.csv", HEAD)
    wrong = {
        archive.getvalue(): "ZIP",
        b"%PDF-1.7 ...": "PDF",
        b"\x89PNG\r\n\x1a\n": "picture",
        b"<!DOCTYPE html><html>": "web page",
        b"<?xml version='1.0'?><cars/>": "web page or XML",
        bytes(range(256)) * 40: "not text",
        b"": "empty",
        b"\n\n\n": "empty",
        b"\x1f\x8b broken": "damaged",
    }
    assert {content: word for content, word in wrong.items() if word not in sentence_about(tmp_path, content)} == {}


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert table_of(tmp_path, HEAD.encode()).rows == ()


def test_stray_zero_bytes_are_dropped(tmp_path: Path) -> None:
    assert table_of(tmp_path, b"make,model\nAu\x00di,A4\n").rows[0].cells["make"] == "Audi"


def test_a_folder_and_a_missing_file_are_refused_in_words(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(Invalid):
            files.load(path)
