"""The contact page: where we are, when we are open, and a form about no car."""

import html

from kroi.db.transaction import transaction
from kroi.dealerships import service
from kroi.dealerships.models import Dealership
from kroi.leads.rules import Interest, Priority, Source
from tests.leads.asking import bare, leads, only_lead, send, ticket_in
from tests.support.client import Client


def test_the_page_says_where_and_when(client: Client, here: Dealership) -> None:
    with transaction():
        service.change_profile(
            here.id, street="Teststreet 1", postal_code="02920", city="Espoo", phone="+358 40 000 0000",
            opening_hours={"0": [["10:00", "12:00"], ["13:00", "18:00"]]},
        )  # fmt: skip
    page = html.unescape(client.get("/contact").text)
    assert all(words in page for words in ("Teststreet 1", "02920 Espoo", "tel:+358400000000"))
    assert "Monday" in page and "10:00–12:00, 13:00–18:00" in page and page.count(">closed<") == 6
    assert 'src="http' not in page, "nothing is fetched from elsewhere"


def test_the_form_is_made_anew_each_time_and_never_stored(client: Client) -> None:
    first, second = client.get("/contact"), client.get("/contact")
    assert first.headers["Cache-Control"] == "no-store"
    assert ticket_in(first.text) != ticket_in(second.text)


def test_a_question_about_no_car_is_stored(client: Client) -> None:
    response = send(client, "/contact", interest="call_back", email=None)
    lead = only_lead()
    assert bare(response.headers["Location"]) == f"/contact/thanks?reference={lead.reference}"
    assert (lead.car_id, lead.source, lead.interest) == (None, Source.WEBSITE_CONTACT, Interest.CALL_BACK)
    assert lead.priority is Priority.HIGH
    thanks = client.get(response.headers["Location"])
    assert lead.reference in thanks.text and "Set-Cookie" not in thanks.headers


def test_what_is_wrong_is_said_and_kept(client: Client) -> None:
    response = send(client, "/contact", email="anna", message="Do you buy vans?")
    assert response.status_code == 422 and leads() == []
    assert "The e-mail needs an @ sign" in response.text and "Do you buy vans?" in response.text


def test_every_kind_of_wish_is_taken(client: Client) -> None:
    for interest in Interest:
        assert send(client, "/contact", interest=interest.value).status_code == 303
    assert {lead.interest for lead in leads()} == set(Interest)


def test_every_language_has_the_form_under_its_own_address(client: Client, here: Dealership) -> None:
    with transaction():
        service.change_profile(here.id, languages=["en", "sv"])
    page = client.get("/sv/contact")
    assert 'lang="sv"' in page.text and 'action="/sv/contact"' in page.text and "måndag" in page.text
    response = send(client, "/sv/contact")
    assert response.headers["Location"].startswith("/sv/contact/thanks?reference=")
    assert only_lead().language == "sv"
