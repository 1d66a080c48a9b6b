"""Judging inquiries by the dealership's newest rules."""

from datetime import datetime

from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.leads import models
from kroi.leads.models import Person
from kroi.leads.people import rules as people
from kroi.leads.rules import InquiryDraft
from kroi.leads.scoring import queries, rules
from kroi.leads.scoring.rules import Evidence, RuleSet, Score, evidence


def score(
    draft: InquiryDraft,
    person: Person,
    *,
    car: Car | None,
    now: datetime,
    country: str,
    made_at: datetime | None = None,
) -> Score:
    """Judge an inquiry that is not stored yet. `made_at` is when its form was made, if there was one."""
    known = Evidence(
        interest=draft.interest,
        about_car=car is not None,
        phone_can_exist=people.can_exist(draft.phone, country),
        long_message=len(draft.message) >= evidence.LONG_MESSAGE,
        asked_before=queries.asked_since(person.id, now - evidence.ASKED_BEFORE),
        new_on_sale=_new_on_sale(car, now),
        throwaway=rules.is_throwaway(draft.email),
        link=rules.has_link(draft.message),
        fast=made_at is not None and now - made_at <= evidence.FAST,
    )
    return rules.judge(known, rule_set())


def rule_set() -> RuleSet:
    """The newest rules; the first inquiry of a dealership stores version 1."""
    found = queries.find_rule_set()
    if found is None:
        dialects.lock_named(session, f"rule sets {current_dealership_id()}")
        found = queries.find_rule_set() or _store(rules.RULE_SET_1)
    return RuleSet.from_data(found.version, found.points)


def _store(made: RuleSet) -> models.RuleSet:
    row = models.RuleSet(version=made.version, points=made.data(), created_at=clock.now())
    session.add(row)
    session.flush()
    return row


def _new_on_sale(car: Car | None, now: datetime) -> bool:
    return car is not None and car.listed_at is not None and now - car.listed_at <= evidence.NEW_ON_SALE
