"""A dealership is found under several host names; each belongs to one, and the last one stays."""

from collections.abc import Callable

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.dealerships import queries
from tests.support.client import Client

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(app: Flask) -> Ask:
    """`flask dealerships host …`."""

    def run(*arguments: str) -> tuple[int, str]:
        answer = app.test_cli_runner().invoke(args=["dealerships", "host", *arguments])
        queries.forget_map()
        return answer.exit_code, answer.output

    return run


def test_its_pages_are_found_under_each_name_and_links_name_the_first(client: Client, ask: Ask) -> None:
    assert ask("add", "a.test", "www.a.test") == (0, "A Motors is found under a.test, www.a.test.\n")
    page = client.get("/privacy", base_url="http://www.a.test")
    assert page.status_code == 200 and "A Motors" in page.text and "//www.a.test" not in page.text
    assert "B Motors" in client.get("/privacy", base_url="http://b.test").text


def test_a_name_that_was_removed_is_nobodys(client: Client, ask: Ask) -> None:
    ask("add", "a.test", "www.a.test")
    assert ask("remove", "a.test", "www.a.test")[0] == 0
    assert client.get("/privacy", base_url="http://www.a.test").status_code == 404


def test_when_the_first_goes_the_next_takes_its_place(client: Client, ask: Ask) -> None:
    ask("add", "a.test", "new.a.test")
    assert ask("remove", "new.a.test", "a.test") == (0, "A Motors is found under new.a.test.\n")
    assert client.get("/privacy", base_url="http://a.test").status_code == 404
    code, said = ask("remove", "new.a.test", "new.a.test")
    assert code == 1 and "its only name" in said


def test_a_name_belongs_to_one_dealership_only(ask: Ask) -> None:
    ask("add", "a.test", "www.a.test")
    for taken in ("b.test", "a.test", "www.a.test", "WWW.A.TEST"):
        code, said = ask("add", "b.test", taken)
        assert code == 1 and "already" in said
    assert ask("add", "b.test", "http://x")[0] == 1
    assert ask("remove", "b.test", "www.a.test")[0] == 1
    assert ask("rename", "b.test", "c.test")[0] == 2


def test_whoever_signs_in_under_another_name_is_at_home(
    ask: Ask, olga: User, chris: User, signed_in: Callable[[User], Client]
) -> None:
    ask("add", "a.test", "www.a.test")
    desk = signed_in(olga)
    assert desk.get("/staff/").status_code == 200
    assert desk.get("/staff/", base_url="http://www.a.test").status_code == 303, "a cookie is one host's"
