"""One's sessions: recognised, ended one by one, and ended by what makes them wrong."""

from collections.abc import Callable

import pytest
from flask import Flask

from kroi.accounts.models import AuditEntry, StaffSession, User
from kroi.accounts.sessions import rules
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from tests.accounts.door import is_in, try_password
from tests.support.client import Client, visitor
from tests.support.makers import PASSWORD
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        (CHROME, "Chrome, Windows"),
        (CHROME + " Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) AppleWebKit Version/18.0 Safari/605", "Safari, Mac"),
        ("curl/8", None),
        ("", None),
    ],
)
def test_a_device_is_told_in_two_words(said: str, words: str | None) -> None:
    assert rules.device_of(said) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::9", "2001:db8:1::/48"), ("::ffff:192.0.2.1", "192.0.2.0/24"),
        ("nonsense", None), ("", None),
    ],
)  # fmt: skip
def test_a_network_says_no_household(address: str, network: str | None) -> None:
    assert rules.network_of(address) == network


def entered(app: Flask, user: User, agent: str, address: str) -> Client:
    browser = visitor(app)
    browser.environ_base["HTTP_USER_AGENT"] = agent
    try_password(browser, user, address=address)
    return browser


def test_each_device_is_shown_and_ended_alone(app: Flask, ana: User) -> None:
    desk, phone = entered(app, ana, FIREFOX, "192.0.2.7"), entered(app, ana, CHROME, "198.51.100.7")
    page = desk.get("/staff/profile").text
    for words in ("Firefox, Linux", "Chrome, Windows", "192.0.2.0/24", "198.51.100.0/24", "This device"):
        assert words in page
    assert "192.0.2.7" not in page
    other = session.query(StaffSession).filter_by(device="Chrome, Windows").one().id
    assert desk.post(f"/staff/profile/sessions/{other}/end").status_code == 303
    assert is_in(desk) and not is_in(phone)
    assert desk.post(f"/staff/profile/sessions/{other}/end").status_code == 404
    assert session.query(AuditEntry).filter_by(action="end session").count() == 1


def test_nobody_ends_somebody_elses(signed_in: SignIn, ana: User, olga: User, chris: User) -> None:
    anas, theirs = signed_in(ana), chris.dealership_id
    with acting_for(theirs):
        signed_in(chris)
    ids = [each.id for each in session.query(StaffSession)]
    assert [signed_in(olga).post(f"/staff/profile/sessions/{each}/end").status_code for each in ids] == [404]
    assert is_in(anas)
    with acting_for(theirs):
        [foreign] = [each.id for each in session.query(StaffSession)]
    assert signed_in(olga).post(f"/staff/profile/sessions/{foreign}/end").status_code == 404


def test_a_changed_password_keeps_the_device_it_was_changed_on(app: Flask, ana: User) -> None:
    desk, phone = entered(app, ana, FIREFOX, "192.0.2.7"), entered(app, ana, CHROME, "192.0.2.8")
    desk.post("/staff/profile/password", data={"current": PASSWORD, "password": "a brand new phrase"})
    assert is_in(desk) and not is_in(phone)
    assert session.query(StaffSession).one().device == "Firefox, Linux"


def test_the_profile_takes_ten_queries_or_fewer(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    for path in ("/staff/profile", "/staff/profile/app", "/staff/profile/passkeys", "/staff/profile/confirm"):
        with counted_queries() as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= 10, path


def test_the_roles_page_shows_every_permission(signed_in: SignIn, olga: User, ana: User) -> None:
    page = signed_in(olga).get("/staff/users/roles").text
    for words in ("Work free leads and their own", "Read who did what", "Erase a person for good"):
        assert words in page
    assert signed_in(ana).get("/staff/users/roles").status_code == 403
