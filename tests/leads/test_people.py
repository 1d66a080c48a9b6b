"""One person, however often they ask: never lost, never refused."""

from sqlalchemy import select

from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from kroi.leads.models import Person
from tests.leads.asking import leads, opened, send
from tests.support.client import Client, visitor


def people() -> list[Person]:
    """Everybody, oldest first."""
    return list(session.scalars(select(Person).order_by(Person.id)))


def test_the_same_address_or_number_is_the_same_person(client: Client) -> None:
    send(client, "/contact", message="One", phone=None)
    send(client, "/contact", message="Two", email="ANNA@example.com")
    send(client, "/contact", message="Three", email=None, phone="+358407654321")
    (anna,) = people()
    assert [lead.person_id for lead in leads()] == [anna.id] * 3
    assert (anna.email_key, anna.phone_key) == ("anna@example.com", "+358407654321")


def test_what_is_given_later_completes_and_overwrites_nothing(client: Client) -> None:
    send(client, "/contact", message="One", phone=None)
    send(client, "/contact", message="Two", name="A. Väänänen", phone="040 765 4321")
    send(client, "/contact", message="Three", phone="050 999 9999")
    (anna,) = people()
    assert (anna.name, anna.phone_key) == ("Anna-Kaisa Väänänen-Hyttinen", "+358407654321")
    assert [lead.phone for lead in leads()] == [None, "040 765 4321", "050 999 9999"]


def test_an_address_of_one_with_the_number_of_another_follows_the_address(client: Client) -> None:
    send(client, "/contact", message="One", phone=None)
    send(client, "/contact", message="Two", name="Bea", email=None)
    send(client, "/contact", message="Three")
    anna, bea = people()
    assert [lead.person_id for lead in leads()] == [anna.id, bea.id, anna.id]
    assert anna.phone is None, "the number stays with who had it first"


def test_a_number_that_is_none_still_makes_a_lead(client: Client) -> None:
    assert send(client, "/contact", email=None, phone="+999 123 456").status_code == 303
    assert leads()[0].phone == "+999 123 456" and people()[0].phone_key is None


def test_spam_completes_nobody(client: Client) -> None:
    send(client, "/contact", message="One", phone=None)
    send(client, "/contact", message="Two", website="x", phone="050 999 9999")
    assert people()[0].phone is None


def test_who_asks_again_within_a_month_earns_points(client: Client) -> None:
    send(client, "/contact", message="One")
    send(client, "/contact", message="Two")
    codes = [[each["code"] for each in lead.score_reasons] for lead in leads()]
    assert "asked_before" not in codes[0] and "asked_before" in codes[1]


def test_the_same_person_is_somebody_else_at_another_dealership(client: Client, there: Dealership) -> None:
    there_id = there.id
    send(client, "/contact")
    elsewhere = visitor(client.application)
    elsewhere.host = "b.test"
    send(elsewhere, "/contact", ticket=opened(elsewhere, "/contact"))
    assert len(people()) == 1
    with acting_for(there_id):
        assert len(people()) == 1 and "asked_before" not in str(leads()[0].score_reasons)
