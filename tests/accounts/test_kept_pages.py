"""A portal page is given out again only while whoever asks would be shown the same."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from kroi.accounts.kept.middleware import LIVES, Kept
from kroi.accounts.models import Role, StaffSession, User
from kroi.accounts.sessions import service as sessions
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.leads.models import Lead, Person
from tests.support.client import Client
from tests.support.makers import make_car, make_lead
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
HALF_PAST = datetime.fromisoformat("2026-11-20T10:30:10+00:00")


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """Ten seconds past half past, and time stands."""
    with time_machine.travel(HALF_PAST, tick=False) as traveller:
        yield traveller


@pytest.fixture
def kept(app: Flask) -> Iterator[Kept]:
    """The pages of a running installation; other tests have none, as they write behind its back."""
    found: Kept = app.extensions["kroi.kept"]
    found.forget_everything()
    found.lives = LIVES
    yield found
    found.lives = timedelta(0)


def rename_unheard(lead: Lead, name: str) -> None:
    """Change what a page shows without a word in the audit, as no code of ours does."""
    with transaction():
        session.execute(update(Person).where(Person.id == lead.person_id).values(name=name))


def test_the_same_page_once_more_costs_one_query(
    app: Flask, now: object, kept: Kept, signed_in: SignIn, ana: User
) -> None:
    make_lead("Kaisa Kettu")
    client = signed_in(ana)
    first = client.get("/staff/leads/")
    with counted_queries() as sent:
        again = client.get("/staff/leads/")
    assert len(sent) == 1 and again.data == first.data and "Kaisa Kettu" in again.text
    assert [*again.headers] == [*first.headers] and again.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("passed", [LIVES, timedelta(seconds=50)])
def test_nothing_lives_longer_than_it_may(
    app: Flask, now: time_machine.Traveller, kept: Kept, signed_in: SignIn, ana: User, passed: timedelta
) -> None:
    lead, client = make_lead("Kaisa Kettu"), signed_in(ana)
    client.get("/staff/leads/")
    rename_unheard(lead, "Kaisa Kurki")
    assert "Kaisa Kettu" in client.get("/staff/leads/").text
    now.shift(passed)
    assert "Kaisa Kurki" in client.get("/staff/leads/").text


def test_minutes_on_a_page_are_those_of_the_clock(
    app: Flask, now: time_machine.Traveller, kept: Kept, signed_in: SignIn, ana: User
) -> None:
    now.move_to(HALF_PAST + timedelta(seconds=49))
    lead, client = make_lead("Kaisa Kettu"), signed_in(ana)
    client.get("/staff/leads/")
    rename_unheard(lead, "Kaisa Kurki")
    now.shift(1)
    assert "Kaisa Kurki" in client.get("/staff/leads/").text


def test_whatever_is_audited_shows_at_once(
    app: Flask, now: object, kept: Kept, signed_in: SignIn, ana: User, boris: User
) -> None:
    lead, client = make_lead("Kaisa Kettu"), signed_in(ana)
    client.get(f"/staff/leads/{lead.id}")
    signed_in(boris).post(f"/staff/leads/{lead.id}/note", data={"text": "Likes blue"})
    assert "Likes blue" in client.get(f"/staff/leads/{lead.id}").text


def test_everybody_sees_what_they_did_themselves_whether_it_is_audited_or_not(
    app: Flask, now: object, kept: Kept, signed_in: SignIn, ana: User
) -> None:
    lead, client = make_lead("Kaisa Kettu"), signed_in(ana)
    client.get("/staff/leads/")
    rename_unheard(lead, "Kaisa Kurki")
    client.post("/staff/notices/read")
    assert "Kaisa Kurki" in client.get("/staff/leads/").text


def test_a_session_that_ended_opens_no_kept_page(
    app: Flask, now: time_machine.Traveller, kept: Kept, signed_in: SignIn, ana: User
) -> None:
    client = signed_in(ana)
    client.get("/staff/leads/")
    with transaction():
        sessions.end_all(ana.id)
    assert client.get("/staff/leads/").status_code == 303


def test_who_was_switched_off_or_got_another_role_is_judged_anew(
    app: Flask, now: object, kept: Kept, signed_in: SignIn, olga: User
) -> None:
    client = signed_in(olga)
    assert client.get("/staff/audit/").status_code == 200
    with transaction():
        session.execute(update(User).where(User.id == olga.id).values(role=Role.SALES))
    assert client.get("/staff/audit/").status_code == 403
    with transaction():
        session.execute(update(User).where(User.id == olga.id).values(active=False))
    assert client.get("/staff/leads/").status_code == 303


def test_nobody_gets_the_page_of_somebody_else(
    app: Flask, now: object, kept: Kept, signed_in: SignIn, ana: User, olga: User, chris: User
) -> None:
    make_lead("Kaisa Kettu")
    pages = {user.name: signed_in(user).get("/staff/").text for user in (ana, olga, chris)}
    again = {user.name: signed_in(user).get("/staff/").text for user in (ana, olga, chris)}
    assert len({*pages.values()}) == 3 and "Kaisa Kettu" not in pages["Chris Cole"] + again["Chris Cole"]
    stranger = app.test_client()
    assert stranger.get("/staff/leads/", base_url="http://a.test").status_code == 303


def test_a_page_and_a_piece_of_it_are_two(app: Flask, now: object, kept: Kept, signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    whole = client.get("/staff/board").text
    piece = client.get("/staff/board", headers={"HX-Request": "true", "HX-Request-Type": "partial"}, check=False).text
    assert whole.startswith("<!") and not piece.startswith("<!")
    assert client.get("/staff/board").text == whole


def test_a_notice_is_said_once(app: Flask, now: object, kept: Kept, signed_in: SignIn, boris: User) -> None:
    client, car = signed_in(boris), make_car()
    said = client.post(f"/staff/cars/{car.id}/status", data={"status": "reserved"})
    where = said.headers["Location"]
    assert client.get(where).text != client.get(where).text


def test_when_the_database_does_not_say_the_page_is_made(
    app: Flask, now: object, kept: Kept, signed_in: SignIn, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(ana)
    client.get("/staff/leads/")
    monkeypatch.setattr("kroi.accounts.sessions.service.find_mark", _fail)
    assert client.get("/staff/leads/").status_code == 200


def test_a_connection_that_died_while_nobody_looked_costs_a_page_made_anew_and_no_error(
    app: Flask, now: object, kept: Kept, signed_in: SignIn, ana: User
) -> None:
    make_lead("Kaisa Kettu")
    client = signed_in(ana)
    first = client.get("/staff/leads/").data
    client.get("/staff/leads/")  # its connection waits for the next question
    with app.extensions["kroi.glance"].connect() as connection:
        server = getattr(connection.connection.driver_connection, "pgconn", None)
        if server is not None:  # SQLite is in this process, nothing can cut it off
            server.finish()
    assert client.get("/staff/leads/").data == first
    with counted_queries() as sent:
        assert client.get("/staff/leads/").data == first
    assert len(sent) == 1


def test_a_session_is_found_in_its_own_house_only(app: Flask, now: object, signed_in: SignIn, ana: User) -> None:
    make_lead("Kaisa Kettu")
    signed_in(ana)
    digest = session.scalars(select(StaffSession.token_digest)).one()
    ours = current_dealership_id()
    assert sessions.find_mark(ours, digest) is not None
    assert sessions.find_mark(ours + 1, digest) is None


def _fail(*said: object) -> None:
    raise OperationalError("SELECT", {}, Exception("gone"))
