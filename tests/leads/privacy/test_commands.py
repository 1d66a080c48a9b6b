"""Taking out and erasing people by command: what they say, and how they end."""

import stat
import zipfile
from pathlib import Path

from click.testing import Result
from flask import Flask

from kroi.db.model import session
from kroi.leads.models import Person
from tests.support.makers import make_lead


def ran(app: Flask, *words: str) -> Result:
    """What a command answered."""
    session.rollback()
    return app.test_cli_runner().invoke(args=["people", *words, "--dealership", "a.test"])


def test_an_archive_is_written_for_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    anna, file = make_lead("Anna Aho"), tmp_path / "anna.zip"
    done = ran(app, "export", str(anna.person_id), "-o", str(file))
    assert done.exit_code == 0 and str(file) in done.output and "Anna" not in done.output
    assert zipfile.ZipFile(file).namelist() == ["data.json", "index.html"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_never_written_over(app: Flask, tmp_path: Path) -> None:
    anna, file = make_lead("Anna Aho"), tmp_path / "there.zip"
    file.write_text("something else")
    done = ran(app, "export", str(anna.person_id), "-o", str(file))
    assert done.exit_code == 1 and "cannot be written" in done.output and file.read_text() == "something else"


def test_nobody_leaves_no_file(app: Flask, tmp_path: Path) -> None:
    done = ran(app, "export", "999", "-o", str(tmp_path / "nobody.zip"))
    assert done.exit_code == 1 and "There is no such person." in done.output and not list(tmp_path.iterdir())


def test_somebody_is_erased_once_and_asked_about_before(app: Flask) -> None:
    person_id = make_lead("Anna Aho").person_id
    assert ran(app, "erase", str(person_id)).exit_code == 1, "nobody said yes"
    assert session.get(Person, person_id) is not None
    done = ran(app, "erase", str(person_id), "--yes")
    assert done.exit_code == 0 and "leads: 1" in done.output and "Anna" not in done.output
    assert ran(app, "erase", str(person_id), "--yes").exit_code == 1


def test_what_makes_no_sense_is_a_mistake_of_use(app: Flask) -> None:
    for words in (("erase", "anna"), ("erase", "0"), ("export", "1"), ("erase",)):
        assert ran(app, *words).exit_code == 2, words
    assert "Example: flask people erase" in ran(app, "erase", "--help").output
