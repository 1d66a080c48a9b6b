"""Some days through the database: every lead ends with somebody or with a manager, and history explains each hand."""

import random
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from kroi.accounts import audit
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads import queries, service
from kroi.leads.assignment import queries as rounds
from kroi.leads.assignment import service as assignment
from kroi.leads.assignment.models import Absence, HandOver, RoundMember
from kroi.leads.assignment.rules.reasons import Code, How
from kroi.leads.assignment.rules.turns import TURN
from kroi.leads.assignment.words import said
from kroi.leads.models import Lead
from kroi.leads.rules import CallOutcome, LeadStatus
from tests.leads.assignment.rounds import MONDAY, hands, inquire, join, start_round
from tests.support.makers import make_user, stored

pytestmark = pytest.mark.slow

LEADS, DAYS = 25, 2
CAP = 6


def live(chance: random.Random) -> None:
    """Leads come at any hour of some days; some are worked, some lie, old ones are lost."""
    moments = sorted(MONDAY + timedelta(minutes=chance.uniform(0, DAYS * 1440)) for _ in range(LEADS))
    ticks = [MONDAY + timedelta(hours=n) for n in range(DAYS * 24 + 24)]
    for moment in sorted([*moments, *ticks]):
        with clock.at(moment):
            if moment in moments:
                inquire(language=chance.choice(("en", "fi", "sv")))
            else:
                assignment.keep_going()
                work_some(chance)


def work_some(chance: random.Random) -> None:
    """Whoever has a lead calls, and loses it some time later; one in ten is left lying."""
    open_leads = select(Lead.id, Lead.assignee_id, Lead.status).where(
        Lead.assignee_id.is_not(None), Lead.status.in_((LeadStatus.NEW, LeadStatus.CONTACTED))
    )
    for lead_id, user_id, status in session.execute(open_leads.order_by(Lead.id)).all():
        if lead_id % 10 == 0 or chance.random() < 0.6:
            continue
        with audit.acting_as(user_id), transaction():
            lead = queries.lock(lead_id)
            if status is LeadStatus.NEW:
                service.log_call(lead, CallOutcome.REACHED)
                service.change_status(lead, LeadStatus.CONTACTED)
            elif chance.random() < 0.1:
                service.change_status(lead, LeadStatus.LOST, reason="price")


def test_some_days_of_leads_end_with_everybody_looked_after(app: Flask) -> None:
    people = [make_user(f"Person {n}") for n in range(4)]
    start_round()
    for number, each in enumerate(people):
        join(each, cap=CAP, languages=["en", "fi", "sv"][: 1 + number % 3])
    stored(Absence(user_id=people[0].id, starts_at=MONDAY, ends_at=MONDAY + timedelta(days=1)))
    live(random.Random(3))
    session.expire_all()

    names = {each.id: each.name for each in people}
    for lead in session.scalars(select(Lead)):
        lines = hands(lead.id)
        assert lines, "each was looked after"
        assert all(said(line.facts, names, line.by_id) for line in lines)
        for first, then in pairwise(line.facts for line in lines):
            assert first["after"] == then["before"], "no hand is missing in between"
        got = [line.facts["after"] for line in lines if line.facts["how"] == "round" and line.facts["after"]]
        assert len(got) <= 3 and all(one != other for one, other in pairwise(got))
        assert lead.assignee_id or lines[-1].facts["code"] in (Code.TOO_OFTEN, *waiting_codes())
    standings = rounds.list_standings()
    assert all(each.open_leads <= CAP for each in standings)
    assert all(abs(owed) <= 3 * TURN for owed in session.scalars(select(RoundMember.owed)))
    counted = Counter(session.scalars(select(HandOver.how)))
    assert counted[How.ROUND] >= LEADS * 0.8 and counted[How.TAKEN_BACK] > 0


def waiting_codes() -> tuple[Code, ...]:
    """Why a lead may still wait."""
    return Code.ALL_FULL, Code.NOBODY_ELSE, Code.NOBODY_ON_SHIFT
