"""One lead: what was asked, and every row that whatever followed leaves behind."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from kroi.core import sealing
from kroi.leads.clock.rules import is_clocked
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.rules import Interest, LeadStatus, LostReason, Source
from kroi.leads.scoring.models import LeadFacts
from kroi.leads.scoring.rules import judge
from kroi.leads.scoring.rules.evidence import LONG_MESSAGE, NEW_ON_SALE, Evidence
from kroi.leads.scoring.rules.facts import Facts
from kroi.leads.scoring.rules.points import RULE_SET_1
from tests.benchmarks.year.people import Shopper
from tests.benchmarks.year.rows import Rows

MESSAGES = (
    "Hello, is this one still there?",
    "Hei, onko auto vielä myynnissä? Voisin tulla katsomaan viikonloppuna.",
    "Does it have a tow bar, and how many owners were there before?",
    "Hej, kan man provköra bilen på lördag? Jag har en gammal Volvo att byta in.",
    "Please call me after four, I cannot answer at work. I would pay half of it now and finance the rest.",
    "",
)
_FRESH = (  # what has become of a lead of the last two weeks, by weight; older spam has been erased
    (LeadStatus.NEW, 15), (LeadStatus.CONTACTED, 30), (LeadStatus.QUALIFIED, 15), (LeadStatus.APPOINTMENT, 12),
    (LeadStatus.NEGOTIATING, 10), (LeadStatus.WON, 6), (LeadStatus.LOST, 10), (LeadStatus.SPAM, 2),
)  # fmt: skip
_OLD = ((LeadStatus.WON, 17), (LeadStatus.LOST, 76), (LeadStatus.CONTACTED, 1), (LeadStatus.NEGOTIATING, 1))
_WAY = (LeadStatus.NEW, LeadStatus.CONTACTED, LeadStatus.QUALIFIED, LeadStatus.APPOINTMENT, LeadStatus.NEGOTIATING)
_SOURCES = ((Source.WEBSITE_CAR, 60), (Source.WEBSITE_CONTACT, 12), (Source.PHONE, 12), (Source.WALK_IN, 8),
            (Source.EMAIL, 4), (Source.ADF, 4))  # fmt: skip
_INTERESTS = ((Interest.QUESTION, 50), (Interest.TEST_DRIVE, 18), (Interest.TRADE_IN, 10), (Interest.FINANCE, 9),
              (Interest.CALL_BACK, 8), (Interest.NOTIFY, 5))  # fmt: skip
_FRESH_DAYS = timedelta(days=14)
_DUE = timedelta(minutes=30)


@dataclass(frozen=True)
class House:
    """Who sells, who manages, and the cars: (id, cents, listed at)."""

    sellers: Sequence[int]
    managers: Sequence[int]
    cars: Sequence[tuple[int, int, datetime | None]]
    now: datetime


@dataclass
class Story:
    """A lead while it is told; `at` moves on with what happens."""

    rows: Rows
    random: Random
    house: House
    who: Shopper
    number: int
    at: datetime
    returns: bool
    source: Source = Source.WEBSITE_CAR
    interest: Interest = Interest.QUESTION
    status: LeadStatus = LeadStatus.NEW
    car: tuple[int, int, datetime | None] | None = None
    assignee: int | None = None
    received: datetime = field(init=False)
    answered: datetime | None = None
    lead_id: int = 0
    row: dict[str, Any] = field(default_factory=dict)
    """The lead's own row, while it may still change."""

    def __post_init__(self) -> None:
        self.received = self.at
        self.source, self.interest = self.drawn(_SOURCES), self.drawn(_INTERESTS)
        fresh = self.house.now - self.at < _FRESH_DAYS
        self.status = self.drawn(_FRESH if fresh else _OLD)
        if self.source is not Source.WEBSITE_CONTACT and self.interest is not Interest.NOTIFY:
            self.car = self.random.choice(self.house.cars)
        free = self.status is LeadStatus.SPAM or (self.status is LeadStatus.NEW and self.random.random() < 0.4)
        self.assignee = None if free else self.random.choice(self.house.sellers)
        if self.status not in (LeadStatus.NEW, LeadStatus.SPAM):
            self.answered = min(self.at + timedelta(minutes=self.random.expovariate(1 / 35)), self.house.now)

    @property
    def clocked(self) -> bool:
        """Does somebody wait for an answer?"""
        return is_clocked(self.source) and self.status is not LeadStatus.SPAM

    def drawn(self, pairs: Sequence[tuple[Any, int]]) -> Any:
        """One of the values by its weight."""
        return self.random.choices([value for value, _ in pairs], [weight for _, weight in pairs])[0]

    def later(self, hours: float) -> datetime:
        """A moment some hours on, never after now."""
        self.at = min(self.at + timedelta(hours=self.random.expovariate(1 / hours)), self.house.now)
        return self.at

    def happened(self, kind: ActivityKind, facts: dict[str, Any], by: int | None = None, text: str | None = None,
                 at: datetime | None = None) -> None:  # fmt: skip
        """A line of the timeline."""
        self.rows.add(
            Activity, lead_id=self.lead_id, kind=kind, at=at or self.at, by_id=by, text=text, facts=facts
        )  # fmt: skip

    def audited(self, action: str, details: dict[str, Any], by: int | None = None) -> None:
        """An entry of the audit."""
        self.rows.audit(self.at, by, action, self.lead_id, self.who.id, details)

    def ask(self) -> None:
        """The lead itself, the facts that it is judged by, and its first line."""
        message = self.random.choice(MESSAGES)
        facts = self._facts(message)
        score = judge(facts.evidence, RULE_SET_1)
        self.lead_id = self.rows.add(Lead, **self._lead(message), score=score.value, score_reasons=score.data(),
                                     priority=score.priority)  # fmt: skip
        self.row = self.rows.last(Lead)
        self.rows.add(LeadFacts, lead_id=self.lead_id, facts=facts.data(), later={})
        told = {"source": self.source.value, "interest": self.interest.value, "score": score.value,
                "spam": "trap" if self.status is LeadStatus.SPAM else None, "privacy": "2026-11",
                "marketing": False}  # fmt: skip
        self.happened(ActivityKind.RECEIVED, told)
        personal = json.dumps({"name": self.who.name, "email": self.who.email, "phone": self.who.phone})
        details = told | {"reference": self.reference, "car": self.car[0] if self.car else None}
        self.rows.audit(self.at, None, "lead.received", self.lead_id, self.who.id, details,
                        sealing.seal(self.who.seal_key, personal))  # fmt: skip

    @property
    def reference(self) -> str:
        """What the shopper is told."""
        return f"K-{self.received:%y%m}-{self.number:06d}"

    def _facts(self, message: str) -> Facts:
        listed = self.car[2] if self.car else None
        known = Evidence(
            interest=self.interest, about_car=self.car is not None, phone_can_exist=self.who.phone is not None,
            long_message=len(message) >= LONG_MESSAGE, asked_before=self.returns,
            new_on_sale=listed is not None and abs(self.at - listed) <= NEW_ON_SALE,
        )  # fmt: skip
        days = max((self.at - listed).days, 0) if listed else None
        price = self.car[1] or None if self.car else None
        return Facts(known, self.source, self.who.email is not None, len(message), self.at.hour, self.at.weekday(),
                     price, days)  # fmt: skip

    def _lead(self, message: str) -> dict[str, Any]:
        spam, lost = self.status is LeadStatus.SPAM, self.status is LeadStatus.LOST
        waits = self.clocked and self.answered is None
        seconds = int((self.answered - self.received).total_seconds()) if self.clocked and self.answered else None
        return {
            "reference": self.reference, "person_id": self.who.id, "car_id": self.car[0] if self.car else None,
            "assignee_id": self.assignee, "name": self.who.name, "email": self.who.email, "phone": self.who.phone,
            "interest": self.interest, "message": message, "source": self.source,
            "language": self.random.choice(("fi", "fi", "sv", "en")), "privacy_version": "2026-11",
            "status": self.status, "lost_reason": self.random.choice(list(LostReason)) if lost else None,
            "spam_reason": "trap" if spam else None, "score_version": 1, "received_at": self.received,
            "submission_key": f"{self.rows.first}-{self.number}",
            "address_digest": f"{self.random.getrandbits(96):024x}",
            "first_answer_at": self.answered, "answer_due_at": self.received + _DUE if self.clocked else None,
            "answered_seconds": seconds, "clock_step": 3 if waits else 0, "clock_next_at": None,
            "created_at": self.received, "updated_at": self.answered or self.received,
        }  # fmt: skip

    def way(self) -> list[LeadStatus]:
        """The statuses that it went through, from new to where it is."""
        if self.status in (LeadStatus.WON, LeadStatus.LOST):
            return [*_WAY[: self.random.randrange(2, 5)], self.status]
        if self.status is LeadStatus.SPAM:
            return [self.status]
        return list(_WAY[: _WAY.index(self.status) + 1])
