"""The form about one car: it shows, it saves, it says what is wrong, it works without script."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import select

from kroi.accounts.models import AuditEntry
from kroi.catalogue.models import OldSlug
from kroi.catalogue.rules import CarStatus
from kroi.core import sealing
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import service
from kroi.dealerships.models import Dealership
from kroi.leads import queries
from kroi.leads.models import Activity, ActivityKind
from kroi.leads.rules import Interest, LeadStatus, Priority, Source
from tests.leads.asking import ANNA, bare, leads, only_lead, opened, send, ticket_in
from tests.support.client import Client, visitor
from tests.support.makers import make_car, stored
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

TYPING_ERROR = "This e-mail address has a typing error, check it once more"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_the_form_shows_the_car_and_carries_a_ticket_that_nobody_stores(client: Client) -> None:
    car = make_car(make="Audi", model="A6 Avant")
    response = client.get(f"/cars/{car.slug}/inquiry")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "Audi A6 Avant" in response.text and "Set-Cookie" not in response.headers
    assert ticket_in(response.text) != ticket_in(client.get(f"/cars/{car.slug}/inquiry").text)


def test_the_car_page_gets_only_the_form(client: Client) -> None:
    car = make_car()
    response = client.get(f"/cars/{car.slug}/inquiry", headers=PARTIAL)
    assert "<title>" not in response.text and 'id="inquiry"' in response.text
    assert f'data-hx-post="/cars/{car.slug}/inquiry"' in response.text
    assert "HX-Request-Type" in response.headers["Vary"]


def test_an_inquiry_is_stored_with_all_that_was_said(client: Client, here: Dealership) -> None:
    car = make_car()
    response = send(client, f"/cars/{car.slug}/inquiry", interest="test_drive", marketing="y")
    lead = queries.get(only_lead().id)
    assert response.status_code == 303
    assert bare(response.headers["Location"]) == f"/cars/{car.slug}/inquiry/thanks?reference={lead.reference}"
    assert (lead.car_id, lead.source, lead.interest) == (car.id, Source.WEBSITE_CAR, Interest.TEST_DRIVE)
    assert (lead.name, lead.email, lead.message) == (ANNA["name"], ANNA["email"], ANNA["message"])
    assert (lead.status, lead.marketing, lead.privacy_version) == (LeadStatus.NEW, True, here.privacy_version)
    assert (lead.person.phone_key, lead.person.email_key) == ("+358407654321", "anna@example.com")
    assert lead.reference.startswith("K-") and lead.reference.endswith("-0001")


def test_the_score_has_its_reasons_and_names_its_rules(client: Client) -> None:
    car = make_car()
    send(
        client, f"/cars/{car.slug}/inquiry", interest="test_drive", message="Could I drive it on Saturday morning? " * 2
    )
    lead = only_lead()
    assert {each["code"]: each["points"] for each in lead.score_reasons} == {
        "start": 20, "car": 15, "test_drive": 20, "phone": 15, "long_message": 5, "new_on_sale": 5
    }  # fmt: skip
    assert (lead.score, lead.score_version, lead.priority) == (80, 1, Priority.URGENT)


def test_history_and_audit_begin_with_the_inquiry(client: Client) -> None:
    send(client, f"/cars/{make_car().slug}/inquiry")
    lead = queries.get(only_lead().id)
    (line,) = session.scalars(select(Activity))
    (entry,) = session.scalars(select(AuditEntry))
    assert (line.kind, line.lead_id, line.text) == (ActivityKind.RECEIVED, lead.id, None)
    assert (entry.action, entry.subject_id, entry.person_id) == ("lead.received", lead.id, lead.person_id)
    assert "anna" not in str(entry.details).lower()
    opened_again = sealing.unseal(lead.person.seal_key, entry.sealed or "")
    assert opened_again is not None and "anna@example.com" in opened_again


def test_htmx_gets_the_thanks_in_place(client: Client) -> None:
    car = make_car()
    path = f"/cars/{car.slug}/inquiry"
    data = ANNA | {"submission": opened(client, path)}
    response = client.post(path, data=data, headers=PARTIAL)
    assert response.status_code == 200 and 'id="thanks"' in response.text
    assert only_lead().reference in response.text and "<title>" not in response.text


def test_the_thanks_page_says_the_reference_and_what_comes_next(client: Client) -> None:
    car = make_car(make="Audi", model="A6")
    path = send(client, f"/cars/{car.slug}/inquiry").headers["Location"]
    page = client.get(path)
    assert page.status_code == 200 and only_lead().reference in page.text and "Audi A6" in page.text
    assert not any(word in path + page.text for word in ("Anna", "anna@", "765 4321", "7654321"))
    assert "Set-Cookie" not in page.headers


def test_the_thanks_page_repeats_nothing_but_references(client: Client) -> None:
    car = make_car()
    page = client.get(f"/cars/{car.slug}/inquiry/thanks", query_string={"reference": "<b>gotcha"})
    assert page.status_code == 200 and "gotcha" not in page.text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "Tell us your name"),
        ({"name": " \x00 "}, "name", "Tell us your name"),
        ({"name": "x" * 121}, "name", "The name is too long: at most 120 characters"),
        ({"email": "anna.example.com"}, "email", "The e-mail needs an @ sign"),
        ({"email": "@example.com"}, "email", "The e-mail needs something on both sides of the @ sign"),
        ({"email": "anna@exa mple"}, "email", TYPING_ERROR),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "email", TYPING_ERROR),
        ({"email": "x" * 250 + "@example.com"}, "email", "The e-mail is too long: at most 254 characters"),
        ({"email": "", "phone": ""}, "email", "Give an e-mail address or a phone number, so that we can answer"),
        ({"phone": "call me"}, "phone", "A phone number has digits, spaces and + - ( ) only"),
        ({"phone": "123"}, "phone", "The phone number is too short"),
        ({"phone": "0" * 41}, "phone", "The phone number is too long: at most 40 characters"),
        ({"message": "x" * 4001}, "message", "The message is too long: at most 4,000 characters"),
        ({"interest": "everything"}, "interest", "Choose one of these"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_twice_and_nothing_typed_is_lost(
    client: Client, typed: dict[str, Any], field: str, words: str
) -> None:
    car = make_car()
    path = f"/cars/{car.slug}/inquiry"
    ticket = opened(client, path)
    response = send(client, path, ticket=ticket, **typed)
    page = html.unescape(response.text)
    assert response.status_code == 422 and response.headers["Cache-Control"] == "no-store"
    assert f'<a href="#ask-{field}">{words}</a>' in page, "the summary links to the field"
    assert f'id="ask-{field}-error"' in page and page.count(words) == 2
    kept = ANNA | {"message": typed.get("message", ANNA["message"])}
    assert kept["message"] in page and ANNA["name"] in page or "name" in typed
    assert ticket_in(response.text) == ticket, "the form keeps its age"
    assert leads() == []


def test_one_way_to_answer_is_enough_and_a_message_is_not_needed(client: Client) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    assert send(client, path, email=None, message=None, interest=None).status_code == 303
    assert send(client, path, phone=None, message="", email="bea@example.com").status_code == 303
    assert [lead.message for lead in leads()] == ["", ""]


@pytest.mark.parametrize("ticket", ["", "forged", "eyJkIjoxfQ.x.y"])
def test_without_a_ticket_of_ours_the_form_comes_back_with_a_fresh_one(client: Client, ticket: str) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    data = ANNA | ({"submission": ticket} if ticket else {})
    response = client.post(path, data=data)
    page = html.unescape(response.text)
    assert response.status_code == 422 and leads() == []
    assert all(value in page for value in (ANNA["name"], ANNA["email"], ANNA["phone"], ANNA["message"]))
    assert send(client, path, ticket=ticket_in(response.text)).status_code == 303


def test_another_dealerships_ticket_is_not_ours(client: Client, there: Dealership) -> None:
    elsewhere = visitor(client.application)
    elsewhere.host = "b.test"
    ticket = opened(elsewhere, "/contact")
    assert send(client, f"/cars/{make_car().slug}/inquiry", ticket=ticket).status_code == 422


def test_a_form_left_open_for_a_year_is_still_answered(client: Client) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    assert send(client, path, ago=366 * 86_400).status_code == 303


@pytest.mark.parametrize("status", [CarStatus.RESERVED, CarStatus.SOLD, CarStatus.DELIVERED])
def test_a_car_that_is_taken_may_be_asked_about(client: Client, status: CarStatus) -> None:
    path = f"/cars/{make_car(status=status).slug}/inquiry"
    assert client.get(path).status_code == 200
    assert send(client, path).status_code == 303


@pytest.mark.parametrize("status", [CarStatus.DRAFT, CarStatus.WITHDRAWN])
def test_a_car_that_was_taken_back_is_not_shown_but_the_question_counts(client: Client, status: CarStatus) -> None:
    car = make_car(status=status, make="Secret", model="Prototype")
    ticket = opened(client, f"/cars/{make_car().slug}/inquiry")
    path = f"/cars/{car.slug}/inquiry"
    assert client.get(path).status_code == 404
    assert client.post(path, data=ANNA | {"submission": "forged"}).status_code == 404
    refused = send(client, path, ticket=ticket, name="")
    thanked = send(client, path, ticket=ticket)
    assert (refused.status_code, thanked.status_code, only_lead().car_id) == (422, 303, car.id)
    page = client.get(thanked.headers["Location"])
    assert page.status_code == 200 and "Secret" not in page.text + refused.text


def test_an_old_address_leads_to_the_new_one_and_is_not_lost(client: Client) -> None:
    car = make_car()
    stored(OldSlug(slug="once-upon-a-time", car_id=car.id))
    moved = client.get("/cars/once-upon-a-time/inquiry")
    assert (moved.status_code, moved.headers["Location"]) == (303, f"/cars/{car.slug}/inquiry")
    assert (
        send(client, "/cars/once-upon-a-time/inquiry", ticket=opened(client, f"/cars/{car.slug}/inquiry")).status_code
        == 303
    )
    assert only_lead().car_id == car.id


@pytest.mark.parametrize("slug", ["nothing-here", "%00", "a%00b", "..%2f..", "%ff", "x" * 2000, "Ä"])
def test_a_car_that_never_was_is_not_found(client: Client, slug: str) -> None:
    ticket = opened(client, "/contact")
    assert client.get(f"/cars/{slug}/inquiry").status_code == 404
    assert client.post(f"/cars/{slug}/inquiry", data=ANNA | {"submission": ticket}).status_code == 404


def test_another_dealerships_car_cannot_be_asked_about(client: Client, there: Dealership) -> None:
    car = make_car()
    elsewhere = visitor(client.application)
    elsewhere.host = "b.test"
    assert elsewhere.get(f"/cars/{car.slug}/inquiry").status_code == 404


def test_an_address_may_choose_what_is_wanted(client: Client) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    assert 'value="call_back"' not in client.get(path).text
    assert (
        "checked" in client.get(f"{path}?interest=call_back").text.split('value="call_back"')[0].rsplit("<input", 1)[1]
    )
    assert client.get(f"{path}?interest=nonsense").status_code == 200


def test_a_sold_cars_form_offers_to_tell_about_the_next(client: Client) -> None:
    page = client.get(f"/cars/{make_car(status=CarStatus.SOLD).slug}/inquiry").text
    assert "Tell me about the next one" in page and "Test drive" not in page
    assert re.findall(r'name="interest"[^>]*value="([^"]+)"', page) == ["notify"] and 'type="radio"' not in page


@pytest.mark.parametrize("wanted", ["finance", "test_drive", "call_back"])
def test_no_address_makes_a_sold_cars_form_offer_more(client: Client, wanted: str) -> None:
    page = client.get(f"/cars/{make_car(status=CarStatus.SOLD).slug}/inquiry?interest={wanted}").text
    assert re.findall(r'name="interest"[^>]*value="([^"]+)"', page) == ["notify"]


def test_a_form_opened_before_the_car_was_sold_is_still_taken_as_it_was_meant(client: Client) -> None:
    send(client, f"/cars/{make_car(status=CarStatus.SOLD).slug}/inquiry", interest="test_drive")
    assert only_lead().interest == Interest.TEST_DRIVE


def test_a_mistake_in_a_sold_cars_form_keeps_what_was_asked_for(client: Client) -> None:
    page = send(client, f"/cars/{make_car(status=CarStatus.SOLD).slug}/inquiry", interest="notify", name="").text
    assert re.findall(r'name="interest"[^>]*value="([^"]+)"', page) == ["notify"]


def test_what_brought_the_visitor_is_kept_and_no_more(client: Client) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    ticket = opened(
        client, f"{path}?utm_source=news&utm_campaign=june", headers={"Referer": "https://search.example/?q=private"}
    )
    send(client, path, ticket=ticket)
    lead = only_lead()
    assert (lead.utm_source, lead.utm_medium, lead.utm_campaign) == ("news", None, "june")
    assert lead.referrer_host == "search.example"


def test_a_form_in_a_cars_page_knows_what_brought_the_visitor_to_that_page(client: Client) -> None:
    car = make_car()
    headers = {"Referer": f"http://a.test/cars/{car.slug}?utm_source=news", "X-Came-From": "search.example"}
    send(client, f"/cars/{car.slug}/inquiry", ticket=opened(client, f"/cars/{car.slug}/inquiry", headers=headers))
    assert (only_lead().utm_source, only_lead().referrer_host) == ("news", "search.example")


def test_the_privacy_text_that_was_shown_is_the_one_that_counts(client: Client, here: Dealership) -> None:
    path, shown = f"/cars/{make_car().slug}/inquiry", here.privacy_version
    ticket = opened(client, path)
    with transaction():
        service.change_profile(here.id, privacy_version="2027-01")
    send(client, path, ticket=ticket)
    assert only_lead().privacy_version == shown


def test_a_form_costs_three_queries_and_a_question_few(client: Client) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    ticket = opened(client, path)
    with counted_queries() as shown:
        client.get(path)
    with counted_queries() as asked:
        send(client, path, ticket=ticket)
    # Scored, clocked, given to whoever is next, told to whoever wants to know, and given a page of its own.
    assert len(shown) <= 3 and len(asked) <= 40
