"""A score set by hand stays, with its reason as one more row; new evidence moves a score by itself."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.leads import queries as leads
from kroi.leads import service as work
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.rules import Interest, LeadStatus, Priority
from kroi.leads.scoring import service
from kroi.leads.scoring.models import LeadFacts
from kroi.leads.scoring.rescoring import service as rescoring
from tests.leads.asking import send
from tests.leads.scoring.test_drafts import lines, publish
from tests.support.client import Client
from tests.support.makers import make_car, make_lead

SignIn = Callable[[User], Client]


def say(client: Client, lead: Lead | int, **data: object) -> int:
    number = lead if isinstance(lead, int) else lead.id
    return client.post(f"/staff/leads/{number}/score", data=data).status_code


def again(lead: Lead) -> Lead:
    session.expire_all()
    return session.get_one(Lead, lead.id)


def adds_up(lead: Lead) -> bool:
    return bool(sum(each["points"] for each in lead.score_reasons) == lead.score)


def test_a_person_sets_the_score_and_the_receipt_says_so(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    assert say(client, lead, score="90", reason="Was here on Saturday with the keys in hand") == 303
    found = again(lead)
    assert (found.score, found.priority) == (90, Priority.URGENT) and adds_up(found)
    assert found.score_reasons[-1] == {"code": "pin", "points": 70}
    page = client.get(f"/staff/leads/{lead.id}").text
    assert "Set by hand" in page and "score 20 → 90, set by hand" in page
    own = client.get(f"/staff/leads/{lead.id}/score").text
    assert "with the keys in hand" in own and "Ana Aalto" in own


def test_the_reason_is_nowhere_but_with_the_score(signed_in: SignIn, ana: User) -> None:
    lead = make_lead()
    say(signed_in(ana), lead, score="90", reason="His wife told me")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "score.pinned")).one()
    assert entry.details == {"score": 90} and entry.actor_id == ana.id
    assert [line.text for line in lines(lead)] == [None]


def test_it_is_given_back_and_all_is_as_before(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    before = (lead.score, lead.score_reasons, lead.priority)
    say(client, lead, score="90", reason="Sure")
    assert say(client, lead, do="unpin") == 303
    assert say(client, lead, do="unpin") == 303  # twice changes nothing
    found = again(lead)
    assert (found.score, found.score_reasons, found.priority) == before
    assert [line.facts["why"] for line in lines(lead)] == ["pinned", "unpinned"]


@pytest.mark.parametrize(
    "data",
    [
        {"score": "101", "reason": "x"},
        {"score": "-1", "reason": "x"},
        {"score": "", "reason": "x"},
        {"score": "ten", "reason": "x"},
        {"score": "50", "reason": " "},
        {"score": "50", "reason": "x" * 301},
        {},
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(signed_in: SignIn, ana: User, data: dict[str, str]) -> None:
    lead = make_lead()
    assert say(signed_in(ana), lead, **data) == 422
    assert again(lead).score == 20 and lines(lead) == []


def test_blanks_are_no_reason_and_the_form_comes_back(signed_in: SignIn, ana: User) -> None:
    page = signed_in(ana).post(f"/staff/leads/{make_lead().id}/score", data={"score": "77", "reason": "   "})
    assert page.status_code == 422 and 'value="77"' in page.text and "reason-error" in page.text


def test_sales_set_only_what_they_may_work(signed_in: SignIn, ana: User, boris: User, chris: User) -> None:
    lead = make_lead(assignee_id=boris.id).id
    assert say(signed_in(ana), lead, score="90", reason="x") == 403
    assert say(signed_in(ana), lead) == 403
    assert say(signed_in(chris), lead, score="90", reason="x") == 404
    assert say(signed_in(boris), lead, score="90", reason="x") == 303
    assert "Set the score" not in signed_in(ana).get(f"/staff/leads/{lead}/score").text


def test_spam_has_no_use_for_a_score(signed_in: SignIn, ana: User) -> None:
    lead = make_lead(status=LeadStatus.SPAM)
    assert say(signed_in(ana), lead, score="90", reason="x") == 422


def test_new_rules_leave_a_score_set_by_hand_and_move_the_row_beneath(signed_in: SignIn, ana: User) -> None:
    lead = make_lead()
    say(signed_in(ana), lead, score="90", reason="Sure")
    publish(start=30)
    session.expire_all()
    rescoring.rescore()
    found = again(lead)
    assert (found.score, found.score_version) == (90, 2) and adds_up(found)
    assert found.score_reasons[-1] == {"code": "pin", "points": 60}


def test_a_number_that_comes_with_a_second_inquiry_raises_the_first_and_teaches_nothing(client: Client) -> None:
    car = make_car()
    send(client, f"/cars/{car.slug}/inquiry", message="Is it there?", phone="")
    first = session.scalars(select(Lead)).one()
    before = first.score
    send(client, "/contact", message="Do you take my old one?", interest="trade_in", phone="040 765 4321")
    found = again(first)
    assert found.score == before + 15 and adds_up(found)
    assert lines(found)[0].facts["why"] == "evidence"
    kept = session.scalars(select(LeadFacts).where(LeadFacts.lead_id == first.id)).one()
    assert kept.later == {"phone_can_exist": True} and kept.facts["phone_can_exist"] is False


def test_a_number_given_later_raises_the_score(app: Flask) -> None:
    lead = make_lead(phone=None)
    with transaction():
        found = leads.lock(lead.id)
        found.phone = "040 765 4321"
        service.see_again(found)
    assert again(lead).score == 35 and adds_up(again(lead))


def test_who_is_decided_is_not_judged_again(client: Client) -> None:
    send(client, "/contact", message="First")
    first = session.scalars(select(Lead)).one()
    with transaction():
        found = leads.lock(first.id)
        work.change_status(found, LeadStatus.LOST, reason="price")
    before = again(first).score
    send(client, "/contact", message="Second", interest=Interest.FINANCE.value)
    assert again(first).score == before


def test_nothing_new_leaves_no_line(app: Flask) -> None:
    lead = make_lead()
    with transaction():
        service.see_again(leads.lock(lead.id))
    assert session.scalars(select(Activity).where(Activity.kind == ActivityKind.SCORE)).all() == []


def test_another_dealership_is_not_asked(app: Flask, chris: User) -> None:
    number = make_lead().id
    with acting_for(chris.dealership_id):
        assert rescoring.rescore() == 0
    assert session.get_one(Lead, number).score_version == 1
