"""`flask users`."""

import re

import pytest
from click.testing import Result
from flask import Flask

from kroi.accounts import queries, rules
from kroi.accounts.models import Role, User
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.accounts.door import is_in
from tests.support.client import Client


def flask(app: Flask, *words: str, typed: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["users", *words], input=typed)


def add(app: Flask, *words: str, typed: str | None = None) -> Result:
    return flask(app, "add", "nora@a.test", "--name", "Nora", "--dealership", "a.test", *words, typed=typed)


def test_without_a_password_a_first_one_is_made_and_shown_once(app: Flask) -> None:
    said = add(app, "--role", "owner")
    assert said.exit_code == 0, said.output
    nora = queries.find_by_email("nora@a.test")
    assert nora is not None and nora.role is Role.OWNER and nora.temporary_until is not None
    [password] = re.findall(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", said.output)
    assert rules.matches(password, nora.password_hash)


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (["--password", "correct horse battery"], None),
        (["--password", "-"], "correct horse battery\n"),
        (["--prompt"], "correct horse battery\ncorrect horse battery\n"),
    ],
)
def test_a_password_of_their_own_lasts_and_is_not_repeated(app: Flask, words: list[str], typed: str | None) -> None:
    said = add(app, *words, typed=typed)
    assert said.exit_code == 0, said.output
    nora = queries.find_by_email("nora@a.test")
    assert nora is not None and nora.temporary_until is None
    assert rules.matches("correct horse battery", nora.password_hash)
    assert "correct horse" not in said.output


def test_a_weak_password_is_wrong_use(app: Flask) -> None:
    said = add(app, "--password", "password")
    assert said.exit_code == 2 and "Many people use" in said.output
    assert queries.find_by_email("nora@a.test") is None


def test_an_address_that_is_none_is_wrong_use(app: Flask) -> None:
    assert flask(app, "add", "nora", "--name", "Nora").exit_code == 2


def test_nobody_is_added_twice(app: Flask, ana: User) -> None:
    said = flask(app, "add", ana.email, "--name", "Ana", "--dealership", "a.test")
    assert said.exit_code == 1 and "here already" in said.output


def test_with_several_houses_one_must_be_named(app: Flask) -> None:
    said = flask(app, "add", "nora@a.test", "--name", "Nora")
    assert said.exit_code == 1 and "--dealership" in said.output


def test_the_other_house_gets_its_own(app: Flask, there: Dealership) -> None:
    there_id = there.id
    flask(app, "add", "nora@b.test", "--name", "Nora", "--dealership", "b.test")
    assert queries.find_by_email("nora@b.test") is None
    with acting_for(there_id):
        assert queries.find_by_email("nora@b.test") is not None


def test_another_password_ends_the_sessions(app: Flask, ana: User, signed_in: object) -> None:
    client = signed_in(ana)  # type: ignore[operator]
    assert isinstance(client, Client)
    said = flask(app, "password", ana.email, "--dealership", "a.test", "--password", "-", typed="a brand new phrase\n")
    assert said.exit_code == 0, said.output
    assert not is_in(client)


def test_nobody_has_no_password_to_change(app: Flask) -> None:
    said = flask(app, "password", "nobody@a.test", "--dealership", "a.test")
    assert said.exit_code == 1 and "Nobody signs in" in said.output


@pytest.mark.parametrize("command", ["add", "password"])
def test_help_has_an_example(app: Flask, command: str) -> None:
    said = flask(app, command, "--help")
    assert said.exit_code == 0 and f"Example: flask users {command}" in said.output
