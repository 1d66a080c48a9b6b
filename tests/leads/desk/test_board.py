"""The board has a column for each open status, and a card goes only where a lead may go."""

import re
from collections.abc import Callable

import pytest

from kroi.accounts.models import User
from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from tests.support.client import Client
from tests.support.makers import make_car, make_lead

SignIn = Callable[[User], Client]
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def columns(page: str) -> dict[str, list[str]]:
    parts = re.split(r'data-status="(\w+)"', page)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {status: re.findall(r'class="name"[^>]*>([^<]+)<', part) for status, part in pairs}


def test_leads_stand_by_status_who_to_call_first_first(signed_in: SignIn, ana: User) -> None:
    make_lead("Cold", assignee_id=ana.id, score=10)
    make_lead("Hot", assignee_id=ana.id, score=90)
    make_lead("Deal", assignee_id=ana.id, status=LeadStatus.NEGOTIATING, car=make_car(price_cents=1_000_000))
    make_lead("Over", assignee_id=ana.id, status=LeadStatus.WON)
    make_lead("Free")
    page = signed_in(ana).get("/staff/board").text
    assert columns(page) == {
        "new": ["Hot", "Cold"], "contacted": [], "qualified": [], "appointment": [], "negotiating": ["Deal"],
    }  # fmt: skip
    assert "€10,000" in page and re.search(r"New <span>2</span>", page)
    assert "Free" in columns(signed_in(ana).get("/staff/board?whose=all").text)["new"]


def test_a_card_moves_without_script_and_with_htmx(signed_in: SignIn, ana: User, boris: User) -> None:
    lead, client = make_lead(assignee_id=ana.id), signed_in(ana)
    answer = client.post(f"/staff/board/{lead.id}?whose=all", data={"status": "contacted"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/board?whose=all")
    answer = signed_in(boris).post(f"/staff/board/{lead.id}?whose=mine", data={"status": "qualified"})
    assert answer.headers["Location"] == "/staff/board?whose=mine"
    answer = signed_in(ana).post(f"/staff/board/{lead.id}", data={"status": "appointment"}, headers=PARTIAL)
    assert answer.status_code == 200 and "<html" not in answer.text
    assert columns(answer.text)["appointment"] == ["Anna Aho"]


def test_an_illegal_drop_is_refused_with_the_sentence_and_the_card_stays(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(assignee_id=ana.id), signed_in(ana)
    answer = client.post(f"/staff/board/{lead.id}", data={"status": "negotiating"}, headers=PARTIAL)
    assert answer.status_code == 409 and "A lead cannot go from “New” to “Negotiating”." in answer.text
    assert session.get_one(Lead, lead.id).status is LeadStatus.NEW
    assert 'data-goes="contacted spam"' in client.get("/staff/board").text


def test_a_colleagues_card_is_seen_and_not_moved(signed_in: SignIn, ana: User, boris: User, chris: User) -> None:
    lead_id = make_lead("Theirs", assignee_id=boris.id).id
    page = signed_in(ana).get("/staff/board?whose=all").text
    assert "Theirs" in page and "data-card" not in page
    assert signed_in(ana).post(f"/staff/board/{lead_id}", data={"status": "contacted"}).status_code == 403
    assert signed_in(chris).post(f"/staff/board/{lead_id}", data={"status": "contacted"}).status_code == 404


def test_sales_see_their_own_board_first_and_managers_everybodys(signed_in: SignIn, ana: User, boris: User) -> None:
    make_lead("Hers", assignee_id=ana.id), make_lead("Free")
    assert columns(signed_in(ana).get("/staff/board").text)["new"] == ["Hers"]
    client = signed_in(boris)
    assert columns(client.get("/staff/board").text)["new"] == ["Hers", "Free"]
    assert columns(client.get("/staff/board?whose=mine").text)["new"] == []


def test_a_long_column_shows_more_when_asked(signed_in: SignIn, ana: User) -> None:
    for number in range(23):
        make_lead(f"Person {number}", assignee_id=ana.id)
    client = signed_in(ana)
    first = client.get("/staff/board").text
    assert len(columns(first)["new"]) == 20 and "/staff/board?new=40" in first
    assert len(columns(client.get("/staff/board?new=40").text)["new"]) == 23


@pytest.mark.parametrize("query", ["new=-1", "new=x", "new=99999999999", "whose=%00", "contacted='"])
def test_nonsense_in_the_address_is_ignored(signed_in: SignIn, ana: User, query: str) -> None:
    assert signed_in(ana).get(f"/staff/board?{query}").status_code == 200
