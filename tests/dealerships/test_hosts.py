"""A dealership is found by its host name, without a query; an unknown one is nobody."""

from flask import Flask

from kroi.db.transaction import transaction
from kroi.dealerships import queries, service
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.queries import counted_queries


def test_each_host_has_its_own_pages(client: Client) -> None:
    assert "A Motors" in client.get("/privacy").text
    assert "B Motors" in client.get("/privacy", base_url="http://b.test").text


def test_an_unknown_host_is_nobodys(client: Client) -> None:
    answer = client.get("/privacy", base_url="http://c.test")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert client.post("/staff/sign-in", base_url="http://c.test", data={"email": "x"}).status_code == 404


def test_a_host_becomes_a_dealership_without_a_query(client: Client) -> None:
    client.get("/privacy")
    with counted_queries() as sent:
        client.get("/privacy")
    assert sent == []


def test_a_dealership_without_a_host_answers_for_any(client: Client, here: Dealership) -> None:
    with transaction():
        service.change_profile(here.id, host="")
    assert "A Motors" in client.get("/privacy", base_url="http://c.test").text
    assert "B Motors" in client.get("/privacy", base_url="http://b.test").text


def test_a_new_dealership_is_found_at_once(app: Flask, client: Client) -> None:
    result = app.test_cli_runner().invoke(args=["dealerships", "add", "C Motors", "c.test"])
    assert result.exit_code == 0, result.output
    queries.forget_map()
    assert "C Motors" in client.get("/privacy", base_url="http://c.test").text


def test_a_host_is_taken_once_and_must_be_one(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert "already" in run(args=["dealerships", "add", "Again", "a.test"]).output
    wrong = run(args=["dealerships", "add", "Wrong", "http://x"])
    assert wrong.exit_code == 1 and "not a host name" in wrong.output
