"""The file of settings is changed whole, by the eyes of the one who reads it, and every other byte of it stays."""

import io
from pathlib import Path

import pytest
from dotenv import dotenv_values

from kroi.core.errors import Conflict
from kroi.operations.switch import disk, rules, service

OLD, NEW = "sqlite:////srv/kroi.sqlite3", "postgresql://kroi:p'w$x\\@h/kroi?host=/tmp"
FILES = {
    "of another system": "A=1\r\nDATABASE_URL=sqlite:///x\r\nB=2\r\n",
    "exported, with a comment": "export  DATABASE_URL = 'sqlite:///x' # ours\nB=2",
    "said twice": "DATABASE_URL=a\nB=2\n\nDATABASE_URL=b\nOTHER_DATABASE_URL=c\n",
    "odd spaces in a value": "NAME='a\u2028b\x0bc'\n\n# page\x0cbreak\nDATABASE_URL=a\n",
    "a value of several lines": "KEY=\"one\nDATABASE_URL=inside\ntwo\"\nDATABASE_URL='a\nb'\nB=1\n",
    "a name in quotes": "'DATABASE_URL'=a\nB=1\n",
    "a mark at the start": "\ufeffDATABASE_URL=a\nB=1\n",
    "nothing": "",
    "no last line end": "# only this",
}


def read(text: str) -> dict[str, str | None]:
    return dict(dotenv_values(stream=io.StringIO(text)))


@pytest.mark.parametrize("name", FILES)
def test_it_names_the_new_database_and_every_other_setting_stays(name: str) -> None:
    before, after = FILES[name], rules.with_database(FILES[name], NEW, OLD)
    assert read(after) == read(before) | {"DATABASE_URL": NEW, "OTHER_DATABASE_URL": OLD}
    assert after.count("\r\n") in (0, after.count("\n")), "line ends stay"
    assert [line for line in before.removeprefix("\ufeff").split("\n") if line.startswith(("A", "B", "#", "NAME"))] == [
        line for line in after.split("\n") if line.startswith(("A", "B", "#", "NAME"))
    ]


def test_what_speaks_of_the_old_database_only_is_no_setting_any_more_however_long_it_is() -> None:
    after = rules.with_database("REPLICA_URL='postgresql://a\nb'\nB=1\n", NEW, OLD)
    assert "# left by flask ops switch: REPLICA_URL='postgresql://a\n# b'\nB=1\n" in after
    assert set(read(after)) == {"B", "DATABASE_URL", "OTHER_DATABASE_URL"}


def test_a_file_that_would_be_read_otherwise_is_refused() -> None:
    text = "NAME='never ends\nDATABASE_URL=a\n"
    with pytest.raises(ValueError, match="would not be read"):
        rules.with_database(text, "postgresql://kroi:'@h/kroi", OLD)


def test_an_address_that_would_be_filled_in_is_refused() -> None:
    with pytest.raises(ValueError, match="would not be read"):
        rules.with_database("", "postgresql://kroi:${HOME}@h/kroi", OLD)


@pytest.mark.parametrize("content", [b"NAME=\xff\xfe\n", b"NAME='never ends\nDATABASE_URL=a\n"])
def test_such_a_file_is_a_sentence_before_anything_is_done(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)
    found = service.Plan(service.end_of(OLD), OLD, service.end_of(NEW), "postgresql://kroi:'@h/kroi", file)
    with pytest.raises(Conflict, match=r"changed|change"):
        service._check_file(found, file)
    assert file.read_bytes() == content


def test_a_link_stays_a_link_and_what_it_names_is_replaced_with_its_mode(tmp_path: Path) -> None:
    there, link = tmp_path / "far" / "settings", tmp_path / ".env"
    there.parent.mkdir()
    there.write_bytes(b"A=1\r\n")
    there.chmod(0o440)
    link.symlink_to(there)
    disk.replace_text(link, "A=2\r\n")
    assert link.is_symlink() and there.read_bytes() == b"A=2\r\n" and there.stat().st_mode & 0o777 == 0o440
    assert list(there.parent.iterdir()) == [there]
