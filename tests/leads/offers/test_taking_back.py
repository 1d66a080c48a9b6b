"""Who wanted offers takes that back alone: on their own page, or by telling one of us; everything else stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.own_page import service as own_pages
from kroi.leads.privacy.retention import queries as retention
from kroi.leads.privacy.retention.queries import Today
from tests.leads.asking import only_lead, send
from tests.leads.people.crowd import ask, merged
from tests.leads.visits.asking import page_of
from tests.support.client import Client, visitor
from tests.support.makers import make_lead
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]


@pytest.fixture
def anna(app: Flask) -> Lead:
    """Anna asked, and ticked the box for offers."""
    return make_lead("Anna Aho", email="anna@example.com", marketing=True)


@pytest.fixture
def mine(anna: Lead) -> str:
    """The address of Anna's own page."""
    with transaction():
        return "/my/" + own_pages.open_page(session.get_one(Lead, anna.id))


def lines(lead: Lead) -> list[Activity]:
    found = select(Activity).where(Activity.lead_id == lead.id, Activity.kind == ActivityKind.CONSENT)
    return list(session.scalars(found))


def entries() -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "offers.taken back")))


def wants(lead: Lead) -> bool:
    return session.get_one(Lead, lead.id, populate_existing=True).marketing


def test_the_own_page_takes_it_back_and_says_when(client: Client, anna: Lead, mine: str) -> None:
    page = client.get(mine).text
    assert f'action="{mine}/offers"' in page and wants(anna), "looking changes nothing"
    answer = client.post(f"{mine}/offers")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{mine}#offers")
    assert not wants(anna)
    page = client.get(mine).text
    assert "You get no offers from us" in page and f'action="{mine}/offers"' not in page


def test_it_is_kept_who_took_it_back_and_when(client: Client, anna: Lead, mine: str) -> None:
    for _time in range(2):
        assert client.post(f"{mine}/offers").status_code == 303
    (line,), (entry,) = lines(anna), entries()
    assert (line.by_id, line.text, line.facts) == (None, None, {})
    assert (entry.actor_id, entry.subject_kind, entry.subject_id) == (None, "person", anna.person_id)
    assert entry.details == {"leads": [anna.id]} and entry.person_id == anna.person_id


def test_it_holds_for_all_that_the_person_asked_and_for_nobody_else(client: Client, anna: Lead, mine: str) -> None:
    again = make_lead("Anna Aho", email="anna@example.com", marketing=True)
    never, other = make_lead("Anna Aho", email="anna@example.com"), make_lead("Bea Berg", marketing=True)
    assert again.person_id == never.person_id == anna.person_id
    client.post(f"{mine}/offers")
    assert [wants(each) for each in (anna, again, other)] == [False, False, True]
    assert len(lines(again)) == 1 and lines(never) == []


def test_nothing_else_of_theirs_changes(client: Client, anna: Lead, mine: str) -> None:
    before = session.get_one(Lead, anna.id)
    kept = (before.status, before.score, before.message, before.email, before.first_answer_at)
    client.post(f"{mine}/offers")
    after = session.get_one(Lead, anna.id)
    assert (after.status, after.score, after.message, after.email, after.first_answer_at) == kept
    assert client.get(mine).status_code == 200


def test_opening_an_address_changes_nothing(client: Client, anna: Lead, mine: str) -> None:
    assert client.get(f"{mine}/offers").status_code == 405
    assert client.post(f"{mine}/offers", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert wants(anna) and entries() == []


@pytest.mark.parametrize("key", ["0" * 64, "x", "٠" * 64])
def test_a_wrong_link_is_a_plain_sentence(client: Client, anna: Lead, mine: str, key: str) -> None:
    answer = client.post(f"/my/{key}/offers")
    assert answer.status_code == 404 and "This link does not work" in answer.text and wants(anna)


def test_an_old_link_and_another_dealerships_are_answered_alike(
    client: Client, anna: Lead, mine: str, there: Dealership
) -> None:
    elsewhere = visitor(client.application)
    elsewhere.host = "b.test"
    assert elsewhere.post(f"{mine}/offers").status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert client.post(f"{mine}/offers").status_code == 404
    assert wants(anna)


def test_who_never_wanted_offers_is_not_asked_about_them(client: Client) -> None:
    mine = page_of_sent(client)
    assert "Offers by e-mail" not in client.get(mine).text
    assert client.post(f"{mine}/offers").status_code == 303 and entries() == []


def page_of_sent(client: Client, **typed: Any) -> str:
    send(client, "/contact", **typed)
    return page_of(only_lead())


def test_who_ticks_the_box_again_wants_them_again(client: Client) -> None:
    mine = page_of_sent(client, marketing="y")
    client.post(f"{mine}/offers")
    send(client, "/contact", marketing="y", message="A year later")
    newest = session.scalars(select(Lead).order_by(Lead.id.desc())).first()
    assert newest is not None and newest.marketing and not only_marketing(newest)


def only_marketing(newest: Lead) -> list[Lead]:
    return list(session.scalars(select(Lead).where(Lead.id != newest.id, Lead.marketing)))


def test_they_are_kept_no_longer_than_anybody_then(client: Client, anna: Lead, mine: str) -> None:
    with transaction():
        row = session.get_one(Lead, anna.id)
        row.received_at = clock.now() - timedelta(days=400)
        for line in session.scalars(select(Activity).where(Activity.lead_id == anna.id)):
            line.at = row.received_at
    assert due() == []
    client.post(f"{mine}/offers")
    assert due() == [anna.id]


def due() -> list[int]:
    return retention.list_due(Today.at(dealerships.get_profile(current_dealership_id())), 10)


def test_staff_write_down_that_they_were_told(signed_in: SignIn, ana: User, anna: Lead) -> None:
    client, address = signed_in(ana), f"/staff/people/{anna.person_id}"
    assert anna.reference in client.get(address).text and 'id="told"' in client.get(address).text
    answer = client.post(f"{address}/offers", data={"told": "y"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}#offers")
    (line,), (entry,) = lines(anna), entries()
    assert not wants(anna) and line.by_id == ana.id == entry.actor_id
    page = client.get(address).text
    assert f"written down by {ana.name}" in page and 'id="told"' not in page
    assert "noted: no more offers" in client.get(f"/staff/leads/{anna.id}").text


def test_the_lead_tells_what_the_shopper_did(
    client: Client, signed_in: SignIn, ana: User, anna: Lead, mine: str
) -> None:
    client.post(f"{mine}/offers")
    page = signed_in(ana).get(f"/staff/leads/{anna.id}").text
    assert "wants no more offers" in page and "no, only answers" in page
    assert "they took it back themselves" in signed_in(ana).get(f"/staff/people/{anna.person_id}").text


@pytest.mark.parametrize("told", ["", "n", "y\x00n"])
def test_it_must_be_said_that_they_said_so(signed_in: SignIn, ana: User, anna: Lead, told: str) -> None:
    answer = signed_in(ana).post(f"/staff/people/{anna.person_id}/offers", data={"told": told})
    assert answer.status_code == 422 and 'id="told-error"' in answer.text and wants(anna)


def test_a_stale_page_does_no_harm(signed_in: SignIn, ana: User, client: Client, anna: Lead, mine: str) -> None:
    client.post(f"{mine}/offers")
    staff, address = signed_in(ana), f"/staff/people/{anna.person_id}"
    assert staff.post(f"{address}/offers", data={"told": "y"}).status_code == 303
    assert "They did not want offers before, either." in staff.get(address).text and len(entries()) == 1


def test_another_dealerships_person_is_out_of_reach(signed_in: SignIn, chris: User, anna: Lead) -> None:
    foreign = signed_in(chris)
    foreign.host = "b.test"
    assert foreign.post(f"/staff/people/{anna.person_id}/offers", data={"told": "y"}).status_code == 404
    assert wants(anna)


def test_whoever_was_merged_takes_it_back_as_who_they_became(signed_in: SignIn, boris: User, anna: Lead) -> None:
    other = ask("A. Aho", phone="050 111 2222")
    merged(other.person_id, anna.person_id)
    answer = signed_in(boris).post(f"/staff/people/{anna.person_id}/offers", data={"told": "y"})
    assert answer.headers["Location"] == f"/staff/people/{other.person_id}#offers" and not wants(anna)


def test_the_pages_cost_few_queries(client: Client, signed_in: SignIn, boris: User, anna: Lead, mine: str) -> None:
    staff = signed_in(boris)
    for _state in ("wants", "took it back"):
        for browser, address in ((client, mine), (staff, f"/staff/people/{anna.person_id}")):
            with counted_queries() as asked:
                browser.get(address)
            assert len(asked) <= 10
        client.post(f"{mine}/offers")
