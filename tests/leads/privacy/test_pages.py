"""Where staff take out what is held about somebody, and owners erase: who may, what they see, what the shopper sees."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads import service as leads
from kroi.leads.files import service as papers
from kroi.leads.models import Lead, Person
from kroi.leads.own_page import service as own_page
from kroi.leads.own_page.models import ErasureRequest
from tests.leads.people.crowd import ask, merged
from tests.support.client import Client
from tests.support.makers import make_car, make_lead
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]


@pytest.fixture
def anna(app: Flask) -> Lead:
    """Anna asked about a car, wrote a note's worth, and wants to be erased."""
    lead = make_lead("Anna Aho", email="anna@example.com", phone="040 765 4321", message="Two dogs", car=make_car())
    prepared = papers.prepare(b"%PDF-1.4 papers", "offer.pdf")
    with transaction():
        row = session.merge(lead)
        leads.add_note(row, "Likes blue")
        leads.add_task(row, "Ring Anna", clock.now() + timedelta(hours=1))
        papers.add(row, prepared)
    return lead


@pytest.fixture
def key(anna: Lead) -> str:
    """The key of Anna's own page, where she has asked to be erased."""
    with transaction():
        row = session.get_one(Lead, anna.id)
        found = own_page.open_page(row)
        own_page.ask_erasure(row)
    return found


def archive(client: Client, person_id: int) -> zipfile.ZipFile:
    answer = client.post(f"/staff/people/{person_id}/export")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith(f"attachment; filename=person-{person_id}-")
    return zipfile.ZipFile(BytesIO(answer.data))


def test_the_archive_holds_everything(signed_in: SignIn, boris: User, anna: Lead, key: str) -> None:
    found = archive(signed_in(boris), anna.person_id)
    data_name, file_name, _page = sorted(found.namelist())
    assert data_name == "data.json" and file_name.endswith("-offer.pdf")
    data, page = json.loads(found.read("data.json")), found.read("index.html").decode()
    assert data["format"] == "kroi-person-1" and list(data["tables"])[:2] == ["people", "leads"]
    assert data["tables"]["activities"] and data["tables"]["tasks"][0]["text"] == "Ring Anna"
    assert data["audit"][0]["personal"] == {"name": "Anna Aho", "email": "anna@example.com", "phone": "040 765 4321"}
    for words in ("Anna Aho", "anna@example.com", "Two dogs", "Likes blue", "Ring Anna", "offer.pdf"):
        assert words in page and (words in json.dumps(data))
    assert found.read(file_name) == b"%PDF-1.4 papers"


def test_the_archive_holds_no_secret_and_no_colleague(signed_in: SignIn, boris: User, anna: Lead, key: str) -> None:
    person = session.get_one(Person, anna.person_id)
    whole = archive(signed_in(boris), anna.person_id).read("data.json").decode()
    assert person.seal_key not in whole and key not in whole
    assert not [name for name in ("seal_key", "submission_key", "salt", "by_id", "assignee_id") if f'"{name}"' in whole]


def test_the_archive_tells_of_whoever_was_merged_in_the_language_they_asked_in(
    signed_in: SignIn, boris: User, anna: Lead
) -> None:
    other = ask("A. Aho", phone="050 111 2222")
    merged(anna.person_id, other.person_id)
    with transaction():
        session.get_one(Lead, other.id).language = "fi"
    found = archive(signed_in(boris), other.person_id)
    assert "A. Aho" in found.read("data.json").decode() and '<html lang="fi">' in found.read("index.html").decode()


def test_an_export_is_written_down(signed_in: SignIn, boris: User, anna: Lead) -> None:
    archive(signed_in(boris), anna.person_id)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.exported")).one()
    assert (entry.actor_id, entry.subject_id) == (boris.id, anna.person_id)


def test_the_owner_sees_who_wants_to_be_erased_and_by_when(
    signed_in: SignIn, olga: User, boris: User, anna: Lead, key: str
) -> None:
    page = signed_in(olga).get("/staff/privacy/").text
    assert "Anna Aho" in page and f"/staff/people/{anna.person_id}/erasure" in page and "one month" in page
    with transaction():
        session.scalars(select(ErasureRequest)).one().asked_at = clock.now() - timedelta(days=40)
    assert "overdue since" in signed_in(olga).get("/staff/privacy/").text
    assert "1 person wants to be erased" in signed_in(olga).get("/staff/").text
    assert "wants to be erased" not in signed_in(boris).get("/staff/").text


def test_the_owner_sees_what_goes_and_must_say_so(signed_in: SignIn, olga: User, anna: Lead, key: str) -> None:
    client, address = signed_in(olga), f"/staff/people/{anna.person_id}/erasure"
    page = client.get(address).text
    for words in ("Erase Anna Aho?", "1 inquiry", "1 task", "1 file", "They asked for it on"):
        assert words in page
    refused = client.post(address)
    assert refused.status_code == 422 and "Say that you understand." in refused.text
    assert session.get(Person, anna.person_id) is not None


def test_an_erased_person_is_gone_everywhere(signed_in: SignIn, olga: User, anna: Lead, key: str) -> None:
    person, lead = f"/staff/people/{anna.person_id}", f"/staff/leads/{anna.id}"
    client, address = signed_in(olga), f"{person}/erasure"
    answer = client.post(address, data={"understood": "y"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/staff/people/")
    assert "Erased, with 1 inquiry" in client.get("/staff/people/").text
    for gone in (person, address, lead, "/staff/files/1"):
        assert client.get(gone).status_code == 404
    assert client.post(address, data={"understood": "y"}).status_code == 404
    assert client.post(f"{lead}/note", data={"text": "Too late"}).status_code == 404
    shopper = client.get(f"/my/{key}")
    assert shopper.status_code == 404 and "This link does not work" in shopper.text
    assert "Nobody waits to be erased" in client.get("/staff/privacy/").text
    details = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.erased")).one().details
    assert details["why"] == "asked"


def test_pages_are_made_with_few_queries(signed_in: SignIn, olga: User, anna: Lead, key: str) -> None:
    client = signed_in(olga)
    for address in ("/staff/privacy/", f"/staff/people/{anna.person_id}/erasure"):
        with counted_queries() as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= 10, address


def test_who_may_not_erase_is_offered_no_way(signed_in: SignIn, boris: User, ana: User, anna: Lead) -> None:
    address = f"/staff/people/{anna.person_id}"
    page = signed_in(boris).get(address).text
    assert f"{address}/export" in page and f"{address}/erasure" not in page
    assert f"{address}/export" not in signed_in(ana).get(address).text


def test_the_shopper_is_told_what_happens_and_by_when(client: Client, anna: Lead, key: str) -> None:
    page = client.get(f"/my/{key}/erasure").text
    assert "within one month" in page and "this link does not work any more" in page
