"""A test drive by form: a time of ours for one person, and never a question lost for it."""

import html
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.db.model import session
from kroi.dealerships.models import Dealership
from kroi.leads.models import Activity, ActivityKind
from kroi.leads.rules import LeadStatus
from kroi.leads.visits import rules
from kroi.leads.visits.rules import VisitStatus
from tests.leads.asking import ANNA, leads, only_lead, opened, send, ticket_in
from tests.leads.test_parallel import at_once, generous, post
from tests.leads.visits.asking import at, book, visits
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = [pytest.mark.usefixtures("tuesday"), pytest.mark.slow]


__all__ = ["generous"]


@pytest.fixture
def car(app: Flask) -> Car:
    return make_car()


def test_the_form_offers_times_by_day(client: Client, car: Car) -> None:
    page = client.get(f"/cars/{car.slug}/inquiry?interest=test_drive").text
    assert '<optgroup label="Tuesday 24 November">' in page
    assert f'value="{rules.write(at("24 10:00"))}">10:00<' in page.replace(" selected ", " ")
    assert "We agree on a time together" in page


def test_a_booked_time_is_stored_with_the_lead_and_told_of(client: Client, car: Car) -> None:
    assert book(client, car.slug, "24 11:00").status_code == 303
    (visit,) = visits()
    assert (visit.lead_id, visit.car_id, visit.starts_at) == (only_lead().id, car.id, at("24 11:00"))
    assert (visit.status, visit.confirmed_at, only_lead().first_answer_at) == (VisitStatus.BOOKED, None, None)
    kinds = session.scalars(select(Activity.kind).where(Activity.lead_id == only_lead().id)).all()
    assert ActivityKind.VISIT in kinds


def test_a_booked_time_is_offered_to_nobody_else(client: Client, car: Car) -> None:
    book(client, car.slug, "24 11:00")
    page = client.get(f"/cars/{car.slug}/inquiry").text
    assert rules.write(at("24 11:00")) not in page and rules.write(at("24 12:00")) in page
    assert rules.write(at("24 11:00")) in client.get(f"/cars/{make_car().slug}/inquiry").text


def test_who_comes_second_keeps_what_was_typed_and_may_send_without_a_time(client: Client, car: Car) -> None:
    book(client, car.slug, "24 11:00")
    typed: dict[str, Any] = {
        "name": "Bea",
        "email": "bea@example.com",
        "phone": "",
        "message": "After work, if you can",
    }
    refused = book(client, car.slug, "24 11:00", **typed)
    page = html.unescape(refused.text)
    assert refused.status_code == 422 and len(leads()) == 1
    assert "Somebody else has just taken this time." in page and 'id="ask-slot-error"' in page
    assert all(words in page for words in ("Bea", "bea@example.com", "After work, if you can"))
    assert rules.write(at("24 12:00")) in page and rules.write(at("24 11:00")) not in page
    again = send(
        client, f"/cars/{car.slug}/inquiry", ticket=ticket_in(refused.text), interest="test_drive", slot="", **typed
    )
    assert again.status_code == 303 and len(leads()) == 2 and len(visits()) == 1


@pytest.mark.parametrize("slot", ["tomorrow", "2026-11-24", "9999-99-99T99:99Z", "<script>alert(1)</script>"])
def test_what_is_no_time_of_ours_is_said_beside_the_field(client: Client, car: Car, slot: str) -> None:
    refused = send(client, f"/cars/{car.slug}/inquiry", interest="test_drive", slot=slot)
    assert refused.status_code == 422 and "Choose one of these times" in refused.text and leads() == []
    assert "<script>alert" not in refused.text


@pytest.mark.parametrize("when", ["23 11:00", "24 07:00", "24 18:00", "24 10:20", "28 11:00"])
def test_a_time_that_was_never_offered_cannot_be_had(client: Client, car: Car, when: str) -> None:
    refused = book(client, car.slug, when)
    assert refused.status_code == 422 and "cannot be booked any more" in refused.text
    assert leads() == [] and visits() == []


def test_a_time_too_far_ahead_cannot_be_had(client: Client, car: Car) -> None:
    refused = send(client, f"/cars/{car.slug}/inquiry", interest="test_drive", slot="2027-03-02T09:00Z")
    assert refused.status_code == 422 and visits() == []


@pytest.mark.parametrize("status", [CarStatus.SOLD, CarStatus.DELIVERED, CarStatus.WITHDRAWN, CarStatus.DRAFT])
def test_a_car_that_is_gone_is_not_driven_but_may_be_asked_about(client: Client, status: CarStatus) -> None:
    car, ticket = make_car(status=status), opened(client, "/contact")
    refused = book(client, car.slug, "24 11:00", ticket=ticket)
    assert refused.status_code == 422 and visits() == []
    again = send(client, f"/cars/{car.slug}/inquiry", ticket=ticket, interest="test_drive", slot="")
    assert again.status_code == 303 and len(leads()) == 1


def test_a_car_on_its_way_is_not_driven_yet(client: Client) -> None:
    assert 'name="slot"' not in client.get(f"/cars/{make_car(arriving=True).slug}/inquiry").text


def test_a_time_sent_with_another_interest_books_nothing(client: Client, car: Car) -> None:
    answer = send(client, f"/cars/{car.slug}/inquiry", interest="question", slot=rules.write(at("24 11:00")))
    assert answer.status_code == 303 and visits() == []


def test_a_resend_books_once_and_another_time_is_another_inquiry(client: Client, car: Car) -> None:
    ticket = opened(client, f"/cars/{car.slug}/inquiry")
    first, second = (book(client, car.slug, "24 11:00", ticket=ticket) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] and len(visits()) == 1
    assert book(client, car.slug, "24 14:00", ticket=ticket).status_code == 303
    assert len(leads()) == len(visits()) == 2


def test_spam_is_thanked_and_takes_no_time_away(client: Client, car: Car) -> None:
    assert book(client, car.slug, "24 11:00", website="http://buy.example").status_code == 303
    assert only_lead().status is LeadStatus.SPAM and visits() == []


def test_nobody_holds_more_than_three_times(client: Client) -> None:
    for hour in ("10", "12", "14"):
        assert book(client, make_car().slug, f"24 {hour}:00").status_code == 303
    refused = book(client, make_car().slug, "24 16:00")
    assert refused.status_code == 422 and "You have booked 3 visits already" in refused.text
    assert len(visits()) == len(leads()) == 3


def test_another_dealerships_visits_take_nothing_away(client: Client, there: Dealership, car: Car) -> None:
    book(client, car.slug, "24 11:00")
    assert session.scalar(select(func.count()).select_from(type(visits()[0]))) == 1


def test_of_fifty_who_want_one_time_one_gets_it(client: Client, generous: Flask, car: Car) -> None:
    path = f"/cars/{car.slug}/inquiry"
    ticket, slot = opened(client, path), rules.write(at("24 11:00"))
    jobs = [
        post(
            generous, path, submission=ticket, interest="test_drive", slot=slot, name=f"P{number}",
            email=f"p{number}@example.com", phone="", message=f"Me, {number}",
        )
        for number in range(50)
    ]  # fmt: skip
    answers = [answer[0] if isinstance(answer, tuple) else answer for answer in at_once(generous, jobs)]
    assert sorted(map(str, answers)) == ["303"] + ["422"] * 49
    assert len(visits()) == len(leads()) == 1
    assert ANNA["name"] != only_lead().name
