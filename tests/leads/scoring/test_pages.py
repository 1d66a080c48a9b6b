"""The pages about scores: who sees and does what, tables beside every drawing, and few queries."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from kroi.leads.scoring import queries, service
from kroi.leads.scoring.learnt import service as learnt
from kroi.leads.scoring.models import LeadFacts
from kroi.leads.scoring.rules import RULE_SET_1
from tests.leads.scoring.outcomes import against_the_rules, as_the_rules_say, decided_leads
from tests.support.client import Client
from tests.support.makers import make_car, make_lead
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
POINTS = {"start": "20", **{code: str(points) for code, points in RULE_SET_1.points.items()}}


def seen(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def test_with_few_outcomes_the_page_says_what_is_missing(signed_in: SignIn, boris: User) -> None:
    make_lead(status=LeadStatus.WON)
    page = signed_in(boris).get("/staff/scoring/").text
    assert "Too few leads are decided" in page and "so far 1 are decided and 1 won" in page
    assert "Rule set 1" in page and "Wants a test drive" in page


def test_sales_do_not_see_it(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    for path in ("/staff/scoring/", "/staff/scoring/draft"):
        assert client.get(path).status_code == 403
    assert "/staff/scoring/" not in client.get("/staff/leads/").text
    for path in ("draft", "draft/discard", "publish", "model"):
        assert client.post(f"/staff/scoring/{path}", data=POINTS).status_code == 403


def test_the_past_stands_as_drawing_and_table(signed_in: SignIn, boris: User) -> None:
    decided_leads(against_the_rules, 240)
    page = signed_in(boris).get("/staff/scoring/").text
    assert "Of the best tenth" in page and page.count('<rect class="value"') >= 5
    assert page.count('<th scope="row">') >= 10


def test_a_manager_drafts_and_an_owner_publishes(signed_in: SignIn, boris: User, olga: User) -> None:
    decided_leads(against_the_rules, 60)
    lead = make_lead(car=make_car())
    manager, owner = signed_in(boris), signed_in(olga)
    assert manager.post("/staff/scoring/draft", data=POINTS | {"car": "40"}).status_code == 303
    page = manager.get("/staff/scoring/draft").text
    assert "Won, draft" in page and "changed by Boris Berg" in page and "An owner publishes it." in page
    assert 'name="seen"' not in page
    assert manager.post("/staff/scoring/publish", data={"seen": "x"}).status_code == 403
    shown = owner.get("/staff/scoring/draft").text
    assert owner.post("/staff/scoring/publish", data={"seen": "stale"}).status_code == 409
    assert owner.post("/staff/scoring/publish", data={"seen": seen(shown)}).status_code == 303
    assert session.get_one(Lead, lead.id).score_version == 2
    page = owner.get("/staff/scoring/").text
    assert "Rule set 2" in page and "15 → 40" in page


def test_a_draft_is_thrown_away(signed_in: SignIn, boris: User) -> None:
    client = signed_in(boris)
    client.post("/staff/scoring/draft", data=POINTS | {"car": "40"})
    assert client.post("/staff/scoring/draft/discard").status_code == 303
    assert queries.find_draft() is None


@pytest.mark.parametrize("typed", ["", "ten", "101", "-101", "1.5", "9" * 40])
def test_what_are_no_points_is_said_beside_the_field(signed_in: SignIn, boris: User, typed: str) -> None:
    make_lead()
    answer = signed_in(boris).post("/staff/scoring/draft", data=POINTS | {"car": typed})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert queries.find_draft() is None


def test_an_owner_lets_a_better_model_judge_and_takes_it_back(signed_in: SignIn, boris: User, olga: User) -> None:
    decided_leads(against_the_rules, 600)
    lead = make_lead(car=make_car())
    version = learnt.learn().version
    assert "Let the model judge" not in signed_in(boris).get("/staff/scoring/").text
    owner = signed_in(olga)
    page = owner.get("/staff/scoring/").text
    assert "Let the model judge" in page and page.count('class="dot"') == 10
    assert owner.post("/staff/scoring/model", data={"do": "on", "version": version}).status_code == 303
    assert session.get_one(Lead, lead.id).score_version == version
    own = owner.get(f"/staff/leads/{lead.id}").text
    assert "Learnt model, version 2" in own and "Source: walk-in" in own
    both = owner.get(f"/staff/leads/{lead.id}/score").text
    assert "Rule set 1" in both and "Of leads like this one, about" in both
    assert owner.post("/staff/scoring/model", data={"do": "off"}).status_code == 303
    assert session.get_one(Lead, lead.id).score_version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 30])
def test_there_is_no_other_model(signed_in: SignIn, olga: User, version: str) -> None:
    make_lead()
    answer = signed_in(olga).post("/staff/scoring/model", data={"do": "on", "version": version})
    assert answer.status_code == 404


def test_a_model_that_is_not_better_has_no_switch(signed_in: SignIn, olga: User) -> None:
    decided_leads(as_the_rules_say, 400)
    version = learnt.learn().version
    client = signed_in(olga)
    page = client.get("/staff/scoring/").text
    assert "not clearly better" in page and "Let the model judge" not in page
    assert client.post("/staff/scoring/model", data={"do": "on", "version": version}).status_code == 409


@pytest.mark.parametrize("path", ["/staff/scoring/", "/staff/scoring/draft", "/staff/leads/{lead}/score"])
def test_ten_queries_are_enough(signed_in: SignIn, olga: User, path: str) -> None:
    decided_leads(against_the_rules, 220)
    lead = make_lead(car=make_car())
    learnt.learn()
    client = signed_in(olga)
    client.post("/staff/scoring/draft", data=POINTS | {"car": "40"})
    address = path.format(lead=lead.id)
    with counted_queries() as sent:
        client.get(address)
    assert len(sent) <= 10, sent


def test_looking_stores_no_rules(app: Flask, signed_in: SignIn, boris: User) -> None:
    assert signed_in(boris).get("/staff/scoring/").status_code == 200
    assert signed_in(boris).get("/staff/scoring/draft").status_code == 200
    assert queries.find_rule_set() is None and service.seen_rule_set().version == 1


def test_a_lead_of_another_dealership_has_no_page(signed_in: SignIn, chris: User) -> None:
    number = make_lead().id
    assert signed_in(chris).get(f"/staff/leads/{number}/score").status_code == 404


def test_a_lead_without_kept_facts_has_its_page(signed_in: SignIn, ana: User) -> None:
    lead = make_lead()
    with transaction():
        for kept in session.scalars(select(LeadFacts)):
            session.delete(kept)
    assert "Every inquiry starts with" in signed_in(ana).get(f"/staff/leads/{lead.id}/score").text
