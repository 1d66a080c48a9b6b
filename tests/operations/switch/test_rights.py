"""A login that may not do all of it does none of it, and says so in a sentence."""

import secrets
import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from kroi.core.errors import Conflict
from kroi.operations.switch import service
from kroi.operations.switch.postgresql import PostgresqlHeld
from kroi.operations.switch.sqlite import SqliteHeld
from tests.operations.house import House, content, rename_car
from tests.support.postgres import Postgres, plain

pytestmark = pytest.mark.slow


@pytest.fixture
def weak(postgres: Postgres) -> Iterator[str]:
    """A database's address with a login that does not own it."""
    name, role = f"kroi_weak_{secrets.token_hex(4)}", f"weak_{secrets.token_hex(4)}"
    url = make_url(postgres.create(name))
    with psycopg.connect(plain(url.render_as_string(hide_password=False)), autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'weak'".encode())
        yield url.set(username=role, password="weak").render_as_string(hide_password=False)
        owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())
    postgres.drop(name)


def test_a_database_of_somebody_else_is_neither_entered_nor_left(weak: str) -> None:
    end = service.end_of(weak)
    with pytest.raises(Conflict, match="does not own the database"):
        end.check_free()
    with pytest.raises(Conflict, match="does not own the database"), end.held():
        raise AssertionError("it was held")


def test_the_command_says_so_and_who_is_not_let_in_at_all(house: House, weak: str) -> None:
    if house.engine == "postgresql":
        return
    before = house.file.read_text()
    for url, said in (
        (weak, "does not own the database"),
        (f"{weak}".replace("/kroi_weak_", "/kroi_nowhere_"), "lets us not in"),
        ("postgresql+psycopg://kroi:secret@127.0.0.1:1/kroi", "does not answer"),
    ):
        object.__setattr__(house.settings, "other_database_url", url)
        answer = house.switch()
        assert answer.exit_code == 1 and said in answer.output and "secret" not in answer.output, answer.output
    assert house.file.read_text() == before
    rename_car(house.url, "still served")


def test_an_old_database_that_cannot_be_closed_is_not_left(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before, settings = content(house.url), house.file.read_text()

    def fail(held: object) -> None:
        raise sqlite3.OperationalError("no") if house.engine == "sqlite" else psycopg.errors.InsufficientPrivilege("no")

    monkeypatch.setattr(PostgresqlHeld if house.engine == "postgresql" else SqliteHeld, "leave", fail)
    answer = house.switch()
    assert answer.exit_code == 1 and "Error: The database" in answer.output, answer.output
    assert house.file.read_text() == settings and content(house.url) == before
    rename_car(house.url, "still served")
    service.end_of(house.other).check_free()
