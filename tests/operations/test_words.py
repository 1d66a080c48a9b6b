"""Whatever a database says, a command says one sentence, without anything that stands in a row."""

import sqlite3
from pathlib import Path

import click
import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from kroi.operations.words import in_words


def said(error: Exception) -> str:
    with pytest.raises(click.ClickException) as refused, in_words():
        raise error
    return refused.value.message


def test_a_file_that_somebody_else_writes_to_is_tried_again(tmp_path: Path) -> None:
    files = [sqlite3.connect(tmp_path / "a", timeout=0, isolation_level=None) for _ in range(2)]
    files[0].execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError) as busy:
        files[1].execute("BEGIN IMMEDIATE")
    for error in (busy.value, OperationalError("SELECT", None, busy.value), psycopg.errors.LockNotAvailable()):
        assert "Try again" in said(error)
    for file in files:
        file.close()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"no database at all" * 100)
    with pytest.raises(sqlite3.DatabaseError) as broken:
        sqlite3.connect(tmp_path / "a").execute("SELECT * FROM sqlite_master")
    assert said(broken.value) == "The database failed (SQLITE_NOTADB)."


def test_who_is_not_let_in_hears_why_and_no_password() -> None:
    refused = 'connection failed: connection to server at "::1", port 1 failed: FATAL:  database "x" does not exist'
    assert said(psycopg.OperationalError(refused)) == 'The database lets us not in: database "x" does not exist.'
    assert said(psycopg.OperationalError("could not receive data from server")) == "The database does not answer."


def test_what_the_database_refuses_is_said_without_the_value() -> None:
    class Told(psycopg.DataError):
        diag = type("Diag", (), {"message_primary": 'invalid input syntax for type date: "Anna"'})()

    assert said(Told()) == "The database refused: invalid input syntax for type date."
