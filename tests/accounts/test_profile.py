"""One's own page: name, password, sessions."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask

from kroi.accounts import service
from kroi.accounts.models import AuditEntry, Role, StaffSession, User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.accounts.door import is_in, try_password
from tests.support.client import Client, visitor
from tests.support.makers import PASSWORD
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
NEW = "a brand new phrase"


def test_it_shows_who_one_is(signed_in: SignIn, ana: User) -> None:
    page = signed_in(ana).get("/staff/profile")
    assert "Ana Aalto" in page.text and "ana@a.test, Sales" in page.text


def test_it_takes_ten_queries_or_fewer(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    with counted_queries() as sent:
        client.get("/staff/profile")
    assert len(sent) <= 10


def test_a_new_name_is_saved(signed_in: SignIn, ana: User) -> None:
    response = signed_in(ana).post("/staff/profile", data={"name": "  Ana Berg ", "language": "en"})
    assert (response.status_code, response.headers["Location"]) == (303, "/staff/profile")
    assert session.get_one(User, ana.id).name == "Ana Berg"


def test_a_name_is_needed_and_the_language_is_one_of_ours(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    assert client.post("/staff/profile", data={"name": " ", "language": "en"}).status_code == 422
    assert client.post("/staff/profile", data={"name": "Ana", "language": "de"}).status_code == 422


def test_fields_that_the_form_does_not_have_are_not_taken_over(signed_in: SignIn, ana: User) -> None:
    wish = {"name": "Ana", "language": "en", "role": "owner", "email": "x@y.test", "active": "", "dealership_id": "2"}
    signed_in(ana).post("/staff/profile", data=wish)
    assert (ana.role, ana.email, ana.active) == (Role.SALES, "ana@a.test", True)


def test_a_new_password_ends_all_other_sessions(app: Flask, ana: User) -> None:
    desk, phone = visitor(app), visitor(app)
    try_password(desk, ana)
    try_password(phone, ana)
    before = desk.get_cookie("kroi", domain="a.test")
    assert desk.post("/staff/profile/password", data={"current": PASSWORD, "password": NEW}).status_code == 303
    assert is_in(desk) and not is_in(phone)
    assert before is not None
    phone.set_cookie("kroi", before.value, domain="a.test")
    assert not is_in(phone), "the session in use has a new secret"
    assert try_password(phone, ana).status_code == 422
    assert try_password(phone, ana, NEW).status_code == 303


def test_the_current_password_is_asked_for(signed_in: SignIn, ana: User) -> None:
    page = signed_in(ana).post("/staff/profile/password", data={"current": "not it", "password": NEW})
    assert page.status_code == 422 and "This is not your current password." in page.text
    assert "not it" not in page.text and NEW not in page.text


def test_a_weak_password_is_refused_with_the_reason(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    for weak, why in (("short", "8 characters or more"), ("password1", "Many people use"), ("Ana Aalto", "your name")):
        page = client.post("/staff/profile/password", data={"current": PASSWORD, "password": weak})
        assert page.status_code == 422 and why in page.text


def test_a_long_password_with_spaces_counts_as_typed(app: Flask, ana: User) -> None:
    client, long = visitor(app), "  " + "ä" * 90 + " "
    try_password(client, ana)
    client.post("/staff/profile/password", data={"current": PASSWORD, "password": long})
    assert try_password(visitor(app), ana, long.strip()).status_code == 422
    assert try_password(visitor(app), ana, long).status_code == 303


def test_one_may_sign_out_everywhere_else(app: Flask, ana: User) -> None:
    desk, phone = visitor(app), visitor(app)
    try_password(desk, ana)
    try_password(phone, ana)
    assert desk.get("/staff/profile").text.count("Unknown device") > 1
    assert desk.post("/staff/profile/sessions").status_code == 303
    assert is_in(desk) and not is_in(phone)
    assert session.query(StaffSession).count() == 1


def test_whoever_has_a_first_password_chooses_an_own_one_before_anything_else(app: Flask, ana: User) -> None:
    with transaction():
        service.reset_password(ana, "made-by-the-owner", cost=4)
    client = visitor(app)
    assert try_password(client, ana, "made-by-the-owner").status_code == 303
    assert client.get("/staff/cars/").headers["Location"] == "/staff/profile"
    htmx = client.get("/staff/cars/", headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (401, "/staff/profile")
    assert "Choose your own to go on" in client.get("/staff/profile").text
    client.post("/staff/profile/password", data={"current": "made-by-the-owner", "password": NEW})
    assert client.get("/staff/cars/").status_code == 200


def test_a_first_password_runs_out_after_a_week(app: Flask, ana: User) -> None:
    with transaction():
        service.reset_password(ana, "made-by-the-owner", cost=4)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        page = try_password(visitor(app), ana, "made-by-the-owner")
        assert page.status_code == 422 and "has run out" in page.text
        assert "has run out" not in try_password(visitor(app), ana, "a wrong one").text


def test_changes_are_audited_without_values(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    client.post("/staff/profile", data={"name": "Ana Berg", "language": "en"})
    client.post("/staff/profile/password", data={"current": PASSWORD, "password": NEW})
    entries = session.query(AuditEntry).order_by(AuditEntry.number).all()
    assert [(each.action, each.details) for each in entries] == [
        ("change profile", {"fields": ["name"]}),
        ("change password", {}),
    ]
