"""The pages where managers make two people one, or keep them apart, and where everybody sees a person whole."""

from collections.abc import Callable

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.leads.models import Person
from kroi.leads.people import queries
from kroi.leads.people.models import PairState
from tests.leads.people.crowd import ask, merged, pairs, people, rows
from tests.support.client import Client
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
PHONE = "040 765 4321"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def family(app: Flask) -> tuple[Person, Person]:
    """Matti and Liisa, who share a phone."""
    ask("Matti Koski", "matti@example.com", PHONE), ask("Liisa Koski", phone=PHONE)
    matti, liisa = people()
    return matti, liisa


def test_a_pair_is_listed_with_the_reasons(signed_in: SignIn, boris: User, family: tuple[Person, Person]) -> None:
    page = signed_in(boris).get("/staff/people/").text
    for words in ("Matti Koski", "Liisa Koski", "The same number, but another name", "1 lead", "Not the same"):
        assert words in page


def test_without_pairs_the_page_says_so(signed_in: SignIn, boris: User) -> None:
    assert "Nobody looks like somebody else." in signed_in(boris).get("/staff/people/").text
    assert "Nobody is kept apart." in signed_in(boris).get("/staff/people/?tab=dismissed").text


@pytest.mark.parametrize("address", ["?tab=x&after=y", "?after=99999999999999999999", "?q=%00", "?q=" + "x" * 3000])
def test_an_odd_address_is_answered(signed_in: SignIn, boris: User, family: object, address: str) -> None:
    assert signed_in(boris).get(f"/staff/people/{address}").status_code == 200


def test_a_pair_kept_apart_is_remembered(signed_in: SignIn, boris: User, family: tuple[Person, Person]) -> None:
    client, pair_id = signed_in(boris), pairs()[0].id
    answer = client.post(f"/staff/people/pairs/{pair_id}/apart", data={"tab": "open"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/people/")
    assert pairs()[0].state is PairState.DISMISSED and pairs()[0].decided_by_id == boris.id
    assert "Liisa" not in client.get("/staff/people/").text
    assert "Liisa" in client.get("/staff/people/?tab=dismissed").text
    ask("Liisa Koski", phone=PHONE, message="Once more")
    assert "Liisa" not in client.get("/staff/people/").text
    client.post(f"/staff/people/pairs/{pair_id}/again", data={"tab": "dismissed"})
    assert "Liisa" in client.get("/staff/people/").text


def test_htmx_gets_the_list_without_the_pair(signed_in: SignIn, boris: User, family: object) -> None:
    address = f"/staff/people/pairs/{pairs()[0].id}/apart"
    page = signed_in(boris).post(address, data={"tab": "open"}, headers=PARTIAL).text
    assert page.lstrip().startswith('<div id="pairs">') and "Liisa" not in page


def test_the_preview_says_what_moves_and_what_stays(
    signed_in: SignIn, boris: User, family: tuple[Person, Person]
) -> None:
    matti, liisa = family
    before = rows()
    page = signed_in(boris).get(f"/staff/people/{liisa.id}/merge/{matti.id}").text
    assert all(words in page for words in ("takes matti@example.com", "1 lead moves", "Keep Matti Koski instead"))
    assert rows() == before


def test_a_merge_leads_to_the_survivor_and_old_links_too(
    signed_in: SignIn, boris: User, family: tuple[Person, Person]
) -> None:
    (matti, liisa), client = family, signed_in(boris)
    answer = client.post(f"/staff/people/{matti.id}/merge/{liisa.id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/people/{matti.id}")
    page = client.get(f"/staff/people/{matti.id}").text
    assert all(words in page for words in ("They are one person now", "2 leads", "as Liisa Koski", "Also known as"))
    assert client.get(f"/staff/people/{liisa.id}").headers["Location"] == f"/staff/people/{matti.id}"
    assert client.get(f"/staff/people/{matti.id}/merge/{liisa.id}", check=False).status_code == 409
    lead_id = queries.list_leads(matti.id)[0].id
    assert "made two people one" in client.get(f"/staff/leads/{lead_id}").text


def test_undo_makes_them_two_again(signed_in: SignIn, boris: User, family: tuple[Person, Person]) -> None:
    (matti, liisa), client, before = family, signed_in(boris), rows()
    client.post(f"/staff/people/{matti.id}/merge/{liisa.id}")
    merge_id = queries.list_merges(matti.id)[0].row.id
    answer = client.post(f"/staff/people/merges/{merge_id}/undo")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/people/{matti.id}")
    assert rows() == before
    assert "undone" in client.get(f"/staff/people/{matti.id}").text
    again = client.post(f"/staff/people/merges/{merge_id}/undo", check=False)
    assert again.status_code == 409 and "undone already" in again.text


def test_sales_see_a_person_but_merge_nobody(signed_in: SignIn, ana: User, family: tuple[Person, Person]) -> None:
    (matti, liisa), client = family, signed_in(ana)
    page = client.get(f"/staff/people/{matti.id}").text
    assert "matti@example.com" in page and "/merge/" not in page
    before = rows()
    for way in (f"{matti.id}/merge/{liisa.id}", f"pairs/{pairs()[0].id}/apart", "merges/1/undo"):
        assert client.post(f"/staff/people/{way}", check=False).status_code == 403
    assert client.get("/staff/people/", check=False).status_code == 403
    assert rows() == before


def test_another_dealership_finds_none_of_them(signed_in: SignIn, chris: User, family: tuple[Person, Person]) -> None:
    (matti, liisa), theirs = family, signed_in(chris)
    pair_id, merge_id = pairs()[0].id, merged(matti.id, liisa.id).id
    for way in (f"{matti.id}", f"{matti.id}/merge/{liisa.id}"):
        assert theirs.get(f"/staff/people/{way}", check=False).status_code == 404
    for way in (f"{matti.id}/merge/{liisa.id}", f"pairs/{pair_id}/apart", f"merges/{merge_id}/undo"):
        assert theirs.post(f"/staff/people/{way}", check=False).status_code == 404
    assert "Koski" not in theirs.get("/staff/people/?q=matti@example.com").text


@pytest.mark.parametrize("words", ["Koski Matti", "MATTI@example.com", "+358407654321", "040 7654321"])
def test_somebody_is_found_by_name_address_or_number(
    signed_in: SignIn, boris: User, family: tuple[Person, Person], words: str
) -> None:
    client, other = signed_in(boris), ask("Zoe Zeck", "zoe@example.com").person_id
    assert "Matti Koski" in client.get("/staff/people/", query_string={"q": words}).text
    page = client.get(f"/staff/people/{other}", query_string={"q": words}).text
    assert f"/staff/people/{other}/merge/{family[0].id}" in page


def test_a_lead_leads_to_its_person_and_to_who_may_be_the_same(
    signed_in: SignIn, boris: User, ana: User, family: tuple[Person, Person]
) -> None:
    matti, liisa = family
    lead_id = queries.list_leads(matti.id)[0].id
    page = signed_in(boris).get(f"/staff/leads/{lead_id}").text
    assert f"/staff/people/{matti.id}" in page and f"/staff/people/{matti.id}/merge/{liisa.id}" in page
    assert "/merge/" not in signed_in(ana).get(f"/staff/leads/{lead_id}").text


def test_names_are_written_as_text(signed_in: SignIn, boris: User, app: Flask) -> None:
    evil = "<script>alert(1)</script> Koski"
    ask(evil, phone=PHONE), ask("Liisa Koski", phone=PHONE)
    first, second = people()
    client = signed_in(boris)
    merged(second.id, first.id)
    for way in (f"{second.id}", "?q=040 765 4321", "?tab=dismissed"):
        assert "<script>alert" not in client.get(f"/staff/people/{way}").text


def test_each_page_takes_few_queries(signed_in: SignIn, boris: User, family: tuple[Person, Person]) -> None:
    (matti, liisa), client = family, signed_in(boris)
    third = ask("Mattias Koski", "matti.koski@example.com", PHONE).person_id
    merged(matti.id, third)
    for way in ("", "?q=matti@example.com", f"{matti.id}", f"{matti.id}?q=liisa koski", f"{matti.id}/merge/{liisa.id}"):
        with counted_queries() as sent:
            assert client.get(f"/staff/people/{way}").status_code == 200
        assert len(sent) <= 10, (way, sent)
