"""Makes pasts: leads with a truth that is known, and leads in the database with what became of them."""

import math
import random
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads.models import Lead
from kroi.leads.rules import Interest, LeadStatus, Source
from kroi.leads.scoring.learnt.rules.trial import Case
from kroi.leads.scoring.models import LeadFacts
from kroi.leads.scoring.rules import RULE_SET_1, Evidence, Facts, judge
from tests.support.makers import make_lead

Truth = Callable[[Facts], float]
"""The log-odds that a lead with these facts is won."""


def some_facts(draw: random.Random) -> Facts:
    """Facts as they come, none of them leaning on another."""
    known = Evidence(
        interest=draw.choice(list(Interest)),
        about_car=draw.random() < 0.7,
        phone_can_exist=draw.random() < 0.5,
        long_message=draw.random() < 0.4,
        asked_before=draw.random() < 0.2,
        new_on_sale=draw.random() < 0.2,
    )
    price = draw.randrange(3_000, 60_000) * 100 if known.about_car else None
    days = draw.randrange(0, 200) if known.about_car else None
    source, email, length = draw.choice(list(Source)), draw.random() < 0.8, draw.randrange(0, 400)
    return Facts(known, source, email, length, draw.randrange(24), draw.randrange(7), price, days)


def against_the_rules(facts: Facts) -> float:
    """A house where the rules are wrong: walk-ins buy, cheap cars sell, a phone number says nothing."""
    said = -1.4
    said += 1.6 * (facts.source is Source.WALK_IN) - 1.2 * (facts.source is Source.MARKETPLACE)
    said += 1.0 * (facts.price_cents is not None and facts.price_cents < 12_000_00)
    said += 0.8 * (facts.evidence.interest is Interest.FINANCE) - 0.8 * (facts.evidence.interest is Interest.TEST_DRIVE)
    return said


def as_the_rules_say(facts: Facts) -> float:
    """A house where the rules are right."""
    return (judge(facts.evidence, RULE_SET_1).value - 55) / 12


def by_chance(facts: Facts) -> float:
    """A house where nothing says anything."""
    return -1.0


def past(truth: Truth, count: int, seed: int = 1) -> list[tuple[Facts, bool]]:
    """Leads with what became of them, drawn by the truth."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        facts = some_facts(draw)
        found.append((facts, draw.random() < 1 / (1 + math.exp(-truth(facts)))))
    return found


def cases(truth: Truth, count: int, seed: int = 1) -> list[Case]:
    """The same as a trial takes them."""
    return [Case(facts.row(), judge(facts.evidence, RULE_SET_1).value, won) for facts, won in past(truth, count, seed)]


def decided_leads(truth: Truth, count: int, seed: int = 1) -> None:
    """Leads in the database, decided as the truth has it: the oldest came first, one an hour."""
    first = make_lead("Anna Aho")
    columns = {each.key: getattr(first, each.key) for each in Lead.__mapper__.column_attrs}
    for made in ("id", "urgency"):
        columns.pop(made, None)
    began = clock.now() - timedelta(hours=count + 24)
    with transaction():
        session.execute(update(Lead).where(Lead.id == first.id).values(status=LeadStatus.SPAM))
        told = past(truth, count, seed)
        leads = [
            Lead(
                **columns
                | {
                    "reference": f"K-0000-{number:05d}",
                    "submission_key": f"past-{number}",
                    "status": LeadStatus.WON if won else LeadStatus.LOST,
                    "received_at": began + timedelta(hours=number),
                    "interest": facts.evidence.interest,
                    "source": facts.source,
                }
            )
            for number, (facts, won) in enumerate(told)
        ]
        session.add_all(leads)
        session.flush()
        kept = zip(leads, told, strict=True)
        session.add_all([LeadFacts(lead_id=lead.id, facts=facts.data(), later={}) for lead, (facts, _) in kept])
