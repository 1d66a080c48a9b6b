"""The demo's past: some months of leads that were won or lost, so that there is something to count and to learn from.

They are invented by chance, with habits that rules of points do not know: people who ring or walk in buy more often,
late in the evening less. Their cars are long gone, so they name none.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import exp
from typing import Any

from kroi.core import clock
from kroi.db import bulk
from kroi.db.model import Model, session
from kroi.leads.assignment.queries import house_calendar
from kroi.leads.clock.rules import add_business, is_clocked
from kroi.leads.intake import rules as references
from kroi.leads.models import Activity, ActivityKind, Lead, Person
from kroi.leads.rules import Interest, LeadStatus, LostReason, Source
from kroi.leads.scoring import service as scoring
from kroi.leads.scoring.models import LeadFacts
from kroi.leads.scoring.rules import Evidence, Facts
from kroi.operations.demo.rules import PROFILE, Calendar

LEADS, NEWEST, OLDEST = 300, 32, 170  # how many; days ago
_AT_ONCE = 25  # rows that are flushed together: what watches new rows looks at all that wait
_SELLERS = ("aoife", "conor", "tom")
_FIRST = "Aidan Brid Cian Deirdre Eoin Fiona Garret Hilda Ivor Jarlath Kiera Lorcan Mona Niall Orla Padraic"
_LAST = (
    "Ahearn Bolger Coyne Devane Egan Flood Garvey Hession Irwin Joyce Keogh Lavelle Meade Nestor Ormond Prunty "
    "Quirke Rafter Shanley Tierney Uniacke Veale Wynne Yeats Zarins Fallon Geary"
)
_MESSAGES = (
    "Is it still for sale?",
    "What would the monthly payments be?",
    "I have a car to trade in. When can I come and look at yours, and could somebody tell me what mine is worth?",
    "Can I see it on Saturday? I would come with my partner and like to drive it on the motorway for a while.",
)
_SOURCES = {Source.WEBSITE_CAR: 55, Source.WEBSITE_CONTACT: 15, Source.PHONE: 14, Source.WALK_IN: 8, Source.EMAIL: 8}
_INTERESTS = {
    Interest.QUESTION: 45, Interest.TEST_DRIVE: 22, Interest.TRADE_IN: 12, Interest.FINANCE: 12, Interest.CALL_BACK: 9,
}  # fmt: skip
_AT_THE_DESK = (Source.PHONE, Source.WALK_IN)
_HOURS = [1] + 8 * [2] + 7 * [1]  # how often they ask at 7, 8 … 22 o'clock


@dataclass(frozen=True)
class Past:
    """One lead of the past: who, when and what they asked, and what became of it after so many minutes and days."""

    name: str
    at: datetime
    facts: Facts
    message: str
    won: bool
    came: bool
    minutes: int
    days: int
    seller: str


def write(calendar: Calendar, staff: Mapping[str, int]) -> None:
    """Write the past down, in the transaction of the caller: before anything else is asked, so that it is older."""
    past = sorted(invent(calendar), key=lambda each: each.at)
    with clock.at(calendar.ago((OLDEST + 1) * 1440)):
        judge = scoring.judge()
    people = [_person(each, number) for number, each in enumerate(past)]
    _store(people)
    leads = [_lead(each, who, n, staff, judge) for n, (each, who) in enumerate(zip(past, people, strict=True))]
    _store(leads)
    pairs = list(zip(past, leads, strict=True))
    bulk.insert_rows(Activity, [line for each, lead in pairs for line in _lines(each, lead)])
    rows = [{"lead_id": lead.id, "facts": each.facts.data(), "later": {}} for each, lead in pairs]
    bulk.insert_rows(LeadFacts, rows)


def _store(rows: Sequence[Model]) -> None:
    for some in bulk.batches(rows, _AT_ONCE):
        session.add_all(some)
        session.flush()


def invent(calendar: Calendar) -> Iterator[Past]:
    """What was asked and what became of it: the same, but for the days of the week, whenever the demo is made."""
    chance = random.Random(11)
    names = chance.sample([f"{first} {last}" for first in _FIRST.split() for last in _LAST.split()], LEADS)
    for name in names:
        hour = chance.choices(range(7, 23), _HOURS)[0]
        at = calendar.on(chance.randint(NEWEST, OLDEST), time(hour, chance.randrange(60))).astimezone(UTC)
        facts, message = _asked(chance, clock.local(at, calendar.zone))
        won = chance.random() < _chance(facts)
        yield Past(
            name=name,
            at=at,
            facts=facts,
            message=message,
            won=won,
            came=won or chance.random() < 0.2,
            minutes=round(chance.lognormvariate(3.9, 0.9)),
            days=chance.randrange(2, 20),
            seller=chance.choices(_SELLERS, (45, 40, 15))[0],
        )


def _asked(chance: random.Random, local: datetime) -> tuple[Facts, str]:
    source = chance.choices(list(_SOURCES), list(_SOURCES.values()))[0]
    message = "" if source in _AT_THE_DESK else chance.choice(_MESSAGES)
    known = Evidence(
        interest=chance.choices(list(_INTERESTS), list(_INTERESTS.values()))[0],
        about_car=source is Source.WEBSITE_CAR or chance.random() < 0.3,
        phone_can_exist=source is Source.PHONE or chance.random() < 0.6,
        long_message=len(message) >= 60,
        asked_before=chance.random() < 0.12,
        new_on_sale=chance.random() < 0.25,
    )
    price = chance.randrange(6_000, 38_000, 500) * 100 if known.about_car else None
    days = chance.randrange(0, 120) if known.about_car else None
    return Facts(known, source, True, len(message), local.hour, local.weekday(), price, days), message


def _chance(facts: Facts) -> float:
    """How likely it is that they buy."""
    known = facts.evidence
    sum_ = -2.3 + 0.8 * known.phone_can_exist + 1.0 * (known.interest is Interest.TEST_DRIVE)
    sum_ += 1.5 * (facts.source in _AT_THE_DESK) + 1.1 * known.asked_before - 1.2 * (facts.hour >= 20)
    sum_ -= 1.3 * ((facts.price_cents or 0) > 25_000_00)
    return 1 / (1 + exp(-sum_))


def _person(past: Past, number: int) -> Person:
    address = f"{past.name.lower().replace(' ', '.')}{number}@example.com"
    return Person(name=past.name, email=address, email_key=address, created_at=past.at, updated_at=past.at)


def _lead(past: Past, person: Person, number: int, staff: Mapping[str, int], judge: scoring.Judge) -> Lead:
    score, closed = judge.score(past.facts), past.at + timedelta(days=past.days)
    answered, due = _answered(past), _after(past.at, 60)
    return Lead(
        reference=references.reference(references.sequence(past.at), 5_000 + number),
        person_id=person.id,
        assignee_id=staff[past.seller],
        name=past.name,
        email=person.email,
        interest=past.facts.evidence.interest,
        message=past.message,
        source=past.facts.source,
        language=PROFILE["language"],
        privacy_version="1",
        status=LeadStatus.WON if past.won else LeadStatus.LOST,
        lost_reason=None if past.won else list(LostReason)[number % len(LostReason)],
        score=score.value,
        score_reasons=score.data(),
        score_version=score.version,
        priority=score.priority,
        received_at=past.at,
        submission_key=f"demo-past-{number}",
        first_answer_at=answered,
        answer_due_at=due if is_clocked(past.facts.source) else None,
        answered_seconds=past.minutes * 60 if is_clocked(past.facts.source) else None,
        created_at=past.at,
        updated_at=closed,
    )


def _answered(past: Past) -> datetime:
    return _after(past.at, past.minutes) if is_clocked(past.facts.source) else past.at


def _after(start: datetime, minutes: int) -> datetime:
    """So many minutes of opening time later."""
    return add_business(house_calendar(), start, minutes * 60)


def _came(lead: Lead) -> dict[str, Any]:
    return {"source": lead.source.value, "interest": lead.interest.value, "score": lead.score}


def _lines(past: Past, lead: Lead) -> Iterator[dict[str, Any]]:
    """The lead's history: it came, it was answered, it moved on to its end."""
    end = LeadStatus.WON if past.won else LeadStatus.LOST
    steps: Sequence[LeadStatus] = [LeadStatus.CONTACTED, *([LeadStatus.APPOINTMENT] if past.came else []), end]
    line = {"lead_id": lead.id, "by_id": lead.assignee_id, "text": None}
    yield line | {"kind": ActivityKind.RECEIVED, "at": past.at, "by_id": None, "facts": _came(lead)}
    before, apart = LeadStatus.NEW, timedelta(days=past.days) / len(steps)
    for number, after in enumerate(steps, start=1):
        at = max(lead.first_answer_at or past.at, past.at + number * apart)
        yield line | {"kind": ActivityKind.STATUS, "at": at, "facts": {"before": before.value, "after": after.value}}
        before = after
