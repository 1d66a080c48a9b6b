"""Owners see what the worker keeps in memory, of their own dealership only."""

from collections.abc import Callable

from flask import Flask

from kroi.accounts.models import User
from tests.support.client import Client
from tests.support.makers import make_car

SignIn = Callable[[User], Client]


def test_an_owner_sees_pages_and_how_often_they_helped(
    app: Flask, client: Client, signed_in: SignIn, olga: User
) -> None:
    make_car()
    for _visit in range(4):
        client.get("/cars/")
    found = signed_in(olga).get("/staff/operations/memory.json").get_json()
    assert (found["pages"]["hits"], found["pages"]["misses"], found["pages"]["hit_rate"]) == (3, 1, 0.75)
    assert found["pages"]["pages"] == found["index"]["cars"] == 1
    assert found["cards"]["cars"] >= 1 and found["pages"]["bytes"] > 1_000
    page = signed_in(olga).get("/staff/operations/")
    assert "75%" in page.text


def test_another_dealerships_visitors_are_not_counted(
    app: Flask, client: Client, signed_in: SignIn, chris: User
) -> None:
    make_car()
    client.get("/cars/")
    found = signed_in(chris).get("/staff/operations/memory.json").get_json()
    assert found["pages"]["pages"] == found["pages"]["hits"] == found["index"]["cars"] == 0


def test_only_owners_may_look(client: Client, signed_in: SignIn, boris: User) -> None:
    assert signed_in(boris).get("/staff/operations/").status_code == 403
    assert client.get("/staff/operations/memory.json").status_code == 303
