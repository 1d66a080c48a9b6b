"""A staff page that forgot to name its permission is not served."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from kroi.accounts import access
from kroi.accounts.models import User
from kroi.core.config import Settings
from kroi.factory import create_app
from tests.support.client import Client

SignIn = Callable[[User], Client]


def test_not_even_to_an_owner(signed_in: SignIn, olga: User, app: Flask) -> None:
    client, name = signed_in(olga), "accounts_staff.profile"
    view = app.view_functions[name]
    try:
        app.view_functions[name] = lambda: "secret"
        response = client.get("/staff/profile", check=False)
    finally:
        app.view_functions[name] = view
    assert response.status_code == 403 and "secret" not in response.text


@pytest.mark.parametrize("number", ["0", "999999999999999999", "99999999999999999999", "-1", "1e3", "٣", "1.5"])
def test_a_number_that_nothing_has_is_no_page(signed_in: SignIn, olga: User, number: str) -> None:
    client = signed_in(olga)
    for place in ("cars", "users", "leads"):
        assert client.get(f"/staff/{place}/{number}").status_code == 404


def test_only_the_door_is_open() -> None:
    door = {"sign_in", "try_sign_in", "second_step", "try_code", "sign_out"}
    links = {"forgotten", "ask_for_link", "open_link", "new_password", "choose_password"}
    keys = {"ask", "sign_in"}
    named = {"accounts": door, "accounts_tickets": links, "accounts_keys": keys, "accounts_emails": {"open_link"}}
    assert {f"{room}.{name}" for room, names in named.items() for name in names} == access.OPEN


def test_under_tls_the_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    settings = Settings(
        kroi_env="test", instance=tmp_path, secret_key="x" * 40, public_url="https://cars.example.com", bcrypt_cost=4
    )
    app = create_app(settings.completed())
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-kroi" and app.config["SESSION_COOKIE_SECURE"]
