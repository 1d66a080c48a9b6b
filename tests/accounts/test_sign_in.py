"""Signing in and out."""

from collections.abc import Callable
from datetime import timedelta

import bcrypt
import pytest
import time_machine
from flask import Flask

from kroi.accounts import rules, service
from kroi.accounts.models import AuditEntry, StaffSession, User
from kroi.accounts.sessions import service as sessions
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.accounts.door import is_in, try_password
from tests.support.client import Client, visitor
from tests.support.makers import PASSWORD, make_user

SignIn = Callable[[User], Client]


def test_the_door_shows(client: Client) -> None:
    page = client.get("/staff/sign-in")
    assert page.status_code == 200 and "Sign in" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_ana_signs_in_and_lands_on_today(client: Client, ana: User) -> None:
    response = try_password(client, ana)
    assert (response.status_code, response.headers["Location"]) == (303, "/staff/")
    assert is_in(client)


def test_the_address_may_be_typed_in_any_case(client: Client, ana: User) -> None:
    assert try_password(client, "  Ana@A.test ").status_code == 303


def test_after_the_door_one_goes_on_to_where_one_was_going(client: Client, ana: User) -> None:
    sent = client.get("/staff/cars/?status=draft").headers["Location"]
    assert sent == "/staff/sign-in?next=/staff/cars/?status%3Ddraft"
    assert 'value="/staff/cars/?status=draft"' in client.get(sent).text
    assert (
        try_password(client, ana, next="/staff/cars/?status=draft").headers["Location"] == "/staff/cars/?status=draft"
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "evil.test/staff",
    ],
)
def test_never_to_another_site(client: Client, ana: User, elsewhere: str) -> None:
    assert elsewhere not in client.get("/staff/sign-in", query_string={"next": elsewhere}).text
    assert try_password(client, ana, next=elsewhere).headers["Location"] == "/staff/"
    assert client.get("/staff/sign-in", query_string={"next": elsewhere}).headers["Location"] == "/staff/"


def test_a_wrong_password_is_refused_with_what_was_typed_kept(client: Client, ana: User) -> None:
    page = try_password(client, ana, "not the one", next="/staff/cars/")
    assert page.status_code == 422
    assert "E-mail or password is wrong." in page.text
    assert 'value="ana@a.test"' in page.text and 'value="/staff/cars/"' in page.text
    assert "not the one" not in page.text


@pytest.mark.parametrize("missing", ["email", "password"])
def test_both_must_be_typed(client: Client, ana: User, missing: str) -> None:
    data = {"email": ana.email, "password": PASSWORD} | {missing: ""}
    assert client.post("/staff/sign-in", data=data).status_code == 422


def test_a_stranger_cannot_tell_who_is_here(client: Client, ana: User, app: Flask) -> None:
    gone = make_user("Gone Gert", active=False)
    known, unknown, off = (try_password(visitor(app), who, "a wrong one").text for who in (ana, "nobody@a.test", gone))
    assert known.replace(ana.email, "") == unknown.replace("nobody@a.test", "") == off.replace(gone.email, "")


def test_a_hash_is_computed_whoever_asks(client: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[str] = []
    check = bcrypt.checkpw

    def noting(typed: bytes, stored: bytes) -> bool:
        costs.append(stored[:7].decode())
        return check(typed, stored)

    monkeypatch.setattr(bcrypt, "checkpw", noting)
    try_password(client, ana, "a wrong one")
    try_password(client, "nobody@a.test", "a wrong one")
    assert costs == ["$2b$04$", "$2b$04$"]


def test_switched_off_means_out(client: Client) -> None:
    assert try_password(client, make_user("Gone Gert", active=False)).status_code == 422


def test_another_dealerships_staff_are_nobody_here(client: Client, chris: User) -> None:
    assert try_password(client, chris).status_code == 422


def test_a_session_of_one_house_opens_no_other(signed_in: SignIn, chris: User) -> None:
    client = signed_in(chris)
    assert client.get("/staff/profile").status_code == 200
    cookie = client.get_cookie("kroi", domain="b.test")
    assert cookie is not None
    client.host = "a.test"
    client.set_cookie("kroi", cookie.value, domain="a.test")
    assert client.get("/staff/profile").status_code == 303


def test_signing_in_makes_a_new_session_and_ends_the_planted_one(client: Client, ana: User, boris: User) -> None:
    with transaction():
        sessions.start(boris)
    with client.session_transaction(base_url="http://a.test") as cookie:
        cookie["_user_id"], cookie["planted"] = boris.session_token, "yes"
    try_password(client, ana)
    with client.session_transaction(base_url="http://a.test") as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != boris.session_token


def test_the_cookie_holds_no_name_and_the_database_no_secret(client: Client, ana: User) -> None:
    try_password(client, ana)
    with client.session_transaction(base_url="http://a.test") as cookie:
        secret = cookie["_user_id"]
    stored = session.query(StaffSession).one()
    assert len(secret) >= 43 and secret != stored.token_digest
    assert ana.email not in str(dict(cookie))


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client, ana: User) -> None:
    cookies = try_password(client, ana).headers.getlist("Set-Cookie")
    assert {each.split("=")[0] for each in cookies} == {"kroi", "kroi_device"}
    assert all("HttpOnly" in each and "SameSite=Lax" in each and "Path=/" in each for each in cookies)


def test_signing_out_ends_the_session_in_the_database(client: Client, ana: User) -> None:
    try_password(client, ana)
    copied = client.get_cookie("kroi", domain="a.test")
    assert copied is not None
    assert client.post("/staff/sign-out").headers["Location"] == "/staff/sign-in"
    assert not is_in(client)
    assert session.query(StaffSession).count() == 0
    client.set_cookie("kroi", copied.value, domain="a.test")
    assert not is_in(client)


def test_signing_out_twice_does_no_harm(client: Client) -> None:
    assert client.post("/staff/sign-out").status_code == 303


def test_who_is_in_needs_no_door(signed_in: SignIn, ana: User) -> None:
    assert signed_in(ana).get("/staff/sign-in").headers["Location"] == "/staff/"


def test_an_ended_session_is_explained(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    with transaction():
        sessions.end_all(ana.id)
    assert "Your session has ended" in client.get(client.get("/staff/profile").headers["Location"]).text


@pytest.mark.parametrize(("hours", "still"), [(11, True), (13, False)])
def test_a_session_nobody_uses_ends_by_itself(signed_in: SignIn, ana: User, hours: int, still: bool) -> None:
    client = signed_in(ana)
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        assert is_in(client) is still


def test_even_a_session_in_use_ends_after_two_weeks(signed_in: SignIn, ana: User) -> None:
    client, start = signed_in(ana), clock.now()
    for hours in range(10, 14 * 24, 10):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            assert is_in(client)
    with time_machine.travel(start + timedelta(days=14, hours=1), tick=False):
        assert not is_in(client)


def test_a_hash_from_weaker_days_is_made_anew(client: Client, ana: User, app: Flask) -> None:
    with transaction():
        entered = service.sign_in(ana.id, PASSWORD, ana.password_hash, attempt_id=0, cost=5)
    assert entered is not None and entered.password_hash.startswith("$2b$05$")
    assert rules.matches(PASSWORD, entered.password_hash)


def test_a_password_changed_while_it_was_checked_opens_nothing(ana: User) -> None:
    with transaction():
        assert service.sign_in(ana.id, PASSWORD, "another hash", attempt_id=0, cost=4) is None


def test_coming_and_going_is_audited_without_names(client: Client, ana: User) -> None:
    try_password(client, ana)
    client.post("/staff/sign-out")
    entries = session.query(AuditEntry).order_by(AuditEntry.number).all()
    assert [(each.action, each.actor_id, each.subject_id) for each in entries] == [
        ("sign in", ana.id, ana.id),
        ("sign out", ana.id, ana.id),
    ]
    assert [each.details for each in entries] == [{"with": "password"}, {}]


def test_refusals_are_logged_without_addresses(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    try_password(client, "mallory@evil.test", "hunter22!", address="203.0.113.9")
    assert "sign-in refused" in caplog.text
    for secret in ("mallory", "hunter22", "203.0.113.9"):
        assert secret not in caplog.text
