"""An inquiry finds its person, and never swallows somebody else who shares a number, a mailbox or a name."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads.models import Lead, Person
from kroi.leads.people import queries, service
from kroi.leads.people.models import PairState
from kroi.leads.rules import LeadStatus
from tests.leads.asking import leads, opened, send
from tests.leads.people.crowd import ask, merged, pairs, people
from tests.support.client import Client
from tests.support.makers import make_lead

PHONE = "040 765 4321"


def test_a_relative_with_the_same_phone_is_a_person_of_their_own_with_a_suggestion(app: Flask) -> None:
    matti, liisa = ask("Matti Koski", phone=PHONE), ask("Liisa Koski", phone=PHONE)
    assert matti.person_id != liisa.person_id
    (pair,) = pairs()
    assert (pair.one_id, pair.other_id) == (matti.person_id, liisa.person_id)
    assert pair.reasons == ["phone", "other_name"] and pair.state is PairState.OPEN


def test_each_of_a_family_is_found_again_by_the_shared_phone_and_their_name(app: Flask) -> None:
    matti, liisa = ask("Matti Koski", phone=PHONE), ask("Liisa Koski", phone=PHONE)
    assert ask("LIISA KOSKI", phone="+358407654321", message="Again").person_id == liisa.person_id
    assert ask("Koski Matti", phone=PHONE, message="Again").person_id == matti.person_id
    assert len(people()) == 2 and len(pairs()) == 1


def test_a_couple_with_one_mailbox_are_two(app: Flask) -> None:
    ask("Matti Koski", "koski@example.com"), ask("Liisa Koski", "koski@example.com")
    assert len(people()) == 2 and pairs()[0].reasons == ["email", "other_name"]


@pytest.mark.parametrize("again", ["Anna.Aho@gmail.com", "annaaho+cars@gmail.com", "a.n.n.a.aho@googlemail.com"])
def test_a_mailbox_is_found_however_it_is_written(app: Flask, again: str) -> None:
    assert ask("Anna Aho", "anna.aho@gmail.com").person_id == ask("Anna Aho", again, message="Two").person_id


def test_a_mistyped_address_is_suggested_by_the_name(app: Flask) -> None:
    ask("Anna Aho", "anna.aho@gmail.com"), ask("Aho Anna", "anna.aho@gmial.com")
    assert len(people()) == 2 and pairs()[0].reasons == ["email_near", "name"]


def test_namesakes_with_their_own_addresses_are_not_even_suggested(app: Flask) -> None:
    ask("Anna Aho", "anna.aho@gmail.com"), ask("Anna Aho", "aaho77@example.com")
    assert len(people()) == 2 and pairs() == []


def test_a_switchboard_makes_no_crowd_of_suggestions(app: Flask) -> None:
    for name in ("Ari Aalto", "Eva Ek", "Timo Salo", "Olga Oja", "Kim Kuu", "Per Puu", "Uwe Urho", "Zoe Zeck"):
        ask(name, phone="09 123 456")
    assert len(people()) == 8
    assert max(sum(pair.other_id == row.id for pair in pairs()) for row in people()) == 5


def test_spam_suggests_nobody(client: Client) -> None:
    send(client, "/contact", message="One")
    send(client, "/contact", message="Two", name="Bea Berg", website="x")
    assert leads()[1].status is LeadStatus.SPAM and pairs() == []


def test_a_resend_with_a_shared_phone_is_still_one_lead(client: Client) -> None:
    send(client, "/contact", message="One")
    ticket = opened(client, "/contact")
    typed: dict[str, Any] = {"ticket": ticket, "name": "Bea Berg", "email": None, "message": "Mine"}
    first, second = send(client, "/contact", **typed), send(client, "/contact", **typed)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(leads()) == 2 and len(people()) == 2


def test_what_a_person_completes_can_be_searched_for(app: Flask) -> None:
    ask("Anna Aho", "anna@example.com")
    ask("Anna Aho", "anna@example.com", PHONE, "Two")
    assert people()[0].search_text == "anna aho anna@example.com 358407654321"


def test_who_was_merged_is_found_by_their_old_address(app: Flask) -> None:
    anna, other = ask("Anna Aho", "anna@example.com"), ask("Anna Aho", "anna@firm.example")
    merged(anna.person_id, other.person_id)
    assert ask("Anna Aho", "anna@firm.example", message="Three").person_id == anna.person_id


def test_a_returning_person_is_known_by_whoever_had_their_last_lead(app: Flask, ana: User, boris: User) -> None:
    first = make_lead("Anna Aho", email="anna@example.com", assignee_id=ana.id)
    assert queries.known_by(first.person_id) == ana.id
    make_lead("Anna Aho", email="anna@example.com", assignee_id=boris.id)
    make_lead("Anna Aho", email="anna@example.com")
    make_lead("Anna Aho", email="anna@example.com", assignee_id=ana.id, status=LeadStatus.SPAM)
    assert queries.known_by(first.person_id) == boris.id
    with transaction():
        boris.active = False
    assert queries.known_by(first.person_id) == ana.id
    assert queries.known_by(make_lead("Bea Berg").person_id) is None


def test_people_from_before_there_were_keys_get_theirs_and_suggestions(app: Flask) -> None:
    for name, email in (("Anna Aho", "a.aho@gmail.com"), ("Anna Aho", "aaho@gmail.com"), ("Bea Berg", "b@example.com")):
        _an_old_row(name, email)
    before = [row.updated_at for row in people()]
    assert service.name_people() == 3 and service.name_people() == 0
    assert [row.email_key for row in people()] == ["aaho@gmail.com", "aaho@gmail.com", "b@example.com"]
    assert [row.name_key for row in people()][2] == people()[2].name_key is not None
    assert [row.updated_at for row in people()] == before
    assert [(pair.one_id, pair.other_id, pair.reasons) for pair in pairs()] == [
        (people()[0].id, people()[1].id, ["email", "name"])
    ]


def _an_old_row(name: str, email: str) -> None:
    """A person as the version before wrote them."""
    with transaction():
        session.add(row := Person(name=name, email=email, email_key=email))
        session.flush()
        session.execute(update(Person).where(Person.id == row.id).values(name_key=None, updated_at=clock.now()))


def test_a_lead_page_still_knows_its_person(app: Flask) -> None:
    lead = ask("Anna Aho", phone=PHONE)
    assert session.get_one(Lead, lead.id).person_id == people()[0].id
