"""Judging inquiries: by the dealership's newest rules, or by a learnt model that is switched on, or by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from kroi.accounts import audit
from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.core.errors import Invalid
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.leads import models
from kroi.leads.models import Activity, ActivityKind, Lead, Person
from kroi.leads.people import rules as people
from kroi.leads.rules import OPEN, InquiryDraft, Source, spam
from kroi.leads.scoring import queries, rules
from kroi.leads.scoring.learnt.rules import card as cards
from kroi.leads.scoring.learnt.rules.card import Card
from kroi.leads.scoring.models import LeadFacts
from kroi.leads.scoring.rules import Evidence, Facts, RuleSet, Score, evidence

MOST_REASON = 300  # characters of why a score was set by hand


@dataclass(frozen=True)
class Judge:
    """Who judges: the rules, and beside them a learnt card when one is switched on."""

    rules: RuleSet
    card: Card | None = None
    card_version: int = 0

    @property
    def version(self) -> int:
        """The version that a score by this judge names."""
        return self.card_version if self.card else self.rules.version

    def rests_on(self, facts: Facts) -> Facts | Evidence:
        """What of these facts the score rests on: leads that are alike in it have one score."""
        return facts.evidence if self.card is None else facts

    def score(self, facts: Facts) -> Score:
        """The score that these facts earn."""
        if self.card is None:
            return rules.judge(facts.evidence, self.rules)
        house = self.rules.data()
        return cards.judge(self.card, facts.row(), facts.evidence.interest, house, self.card_version)


def facts_of(
    draft: InquiryDraft, person: Person, *, car: Car | None, now: datetime, sent: Source, made_at: datetime | None
) -> Facts:
    """The facts of an inquiry that is not stored yet. `made_at` is when its form was made, if there was one."""
    profile = dealerships.get_profile(current_dealership_id())
    asked = queries.asked_since(person.id, now - evidence.ASKED_BEFORE)
    return _facts(draft, profile.country, profile.zone, car=car, at=now, sent=sent, made_at=made_at, asked=asked)


def facts_of_old(lead: Lead) -> Facts:
    """The facts of a lead from before they were kept, as far as its row still tells them."""
    profile = dealerships.get_profile(current_dealership_id())
    draft = InquiryDraft(lead.name, lead.email, lead.phone, lead.message, lead.interest)
    since = lead.received_at - evidence.ASKED_BEFORE
    return _facts(
        draft,
        profile.country,
        profile.zone,
        car=session.get(Car, lead.car_id) if lead.car_id else None,
        at=lead.received_at,
        sent=lead.source,
        made_at=lead.form_made_at,
        asked=queries.asked_between(lead.person_id, since, lead.received_at, but=lead.id),
    )


def score(facts: Facts) -> Score:
    """Judge an inquiry by whoever judges now."""
    return judge().score(facts)


def keep_facts(lead: Lead, facts: Facts) -> LeadFacts:
    """Store the facts that a lead came with, so that it can be judged again."""
    row = LeadFacts(lead_id=lead.id, facts=facts.data(), later={})
    session.add(row)
    session.flush()
    return row


def rule_set() -> RuleSet:
    """The newest rules; the first inquiry of a dealership stores version 1."""
    found = queries.find_rule_set()
    if found is None:
        lock_versions()
        found = queries.find_rule_set() or _store(rules.RULE_SET_1)
    return RuleSet.from_data(found.version, found.points)


def seen_rule_set() -> RuleSet:
    """The newest rules, for a page that only looks: nothing is stored."""
    found = queries.find_rule_set()
    return RuleSet.from_data(found.version, found.points) if found else rules.RULE_SET_1


def judge() -> Judge:
    """Who judges now."""
    model, house = queries.find_used_model(), rule_set()
    return Judge(house, Card.from_data(model.card), model.version) if model else Judge(house)


def lock_versions() -> None:
    """Rules and models take their version from one sequence: whoever takes one waits for the others."""
    dialects.lock_named(session, f"rule sets {current_dealership_id()}")


def judge_again(lead: Lead, why: str, by: Judge | None = None) -> bool:
    """Judge a lead by what is known today; a changed score leaves its line. The caller has locked it.

    Answers whether the score changed; `why` is a code for the line.
    """
    by = by or judge()
    kept = queries.find_facts(lead.id) or keep_facts(lead, facts_of_old(lead))
    later = _known_since(lead, kept)
    if later != kept.later:
        kept.later = later
    found = by.score(Facts.from_data(kept.facts).with_later(later))
    if kept.pinned is not None:
        found = rules.pinned(found, kept.pinned, lead.interest, by.rules)
    return _put(lead, found, why)


def see_again(lead: Lead) -> None:
    """Something new is known about a lead: an open one is judged again."""
    if lead.status in OPEN:
        judge_again(lead, "evidence")


def pin(lead: Lead, value: int, reason: str) -> None:
    """Set a lead's score by hand; it stays until it is given back. The caller has locked it and asked who may.

    Raises Invalid for a score outside the bounds, or without a reason.
    """
    low, high = rule_set().bounds
    reason = reason.strip()[:MOST_REASON]
    if not low <= value <= high:
        raise Invalid(_("A score is a whole number from %(low)s to %(high)s.", low=low, high=high))
    if not reason:
        raise Invalid(_("Say why the score is set by hand."))
    kept = queries.find_facts(lead.id) or keep_facts(lead, facts_of_old(lead))
    kept.pinned, kept.pin_reason = value, reason
    kept.pinned_by_id, kept.pinned_at = audit.actor_id(), clock.now()
    judge_again(lead, "pinned")
    _record("score.pinned", lead, {"score": value})


def unpin(lead: Lead) -> None:
    """Give a lead's score back to its judge; once is enough. The caller has locked it and asked who may."""
    kept = queries.find_facts(lead.id)
    if kept is None or kept.pinned is None:
        return
    kept.pinned = kept.pin_reason = kept.pinned_by_id = kept.pinned_at = None
    judge_again(lead, "unpinned")
    _record("score.unpinned", lead, {"score": lead.score})


def _put(lead: Lead, found: Score, why: str) -> bool:
    before, changed = lead.score, lead.score != found.value
    lead.score, lead.score_reasons, lead.score_version = found.value, found.data(), found.version
    lead.priority = found.priority
    if changed:
        facts = {"before": before, "after": found.value, "why": why, "by": found.by, "version": found.version}
        session.add(
            Activity(
                lead_id=lead.id, kind=ActivityKind.SCORE, at=clock.now(), by_id=audit.actor_id(), text=None, facts=facts
            )
        )
    session.flush()
    return changed


def _known_since(lead: Lead, kept: LeadFacts) -> dict[str, Any]:
    """What is known today and was not when the lead came: a number that can exist.

    Asking again is a point of the later lead, which came from somebody who had asked before; the first one did not.
    """
    country = dealerships.get_profile(current_dealership_id()).country
    phones = (lead.phone, session.get_one(Person, lead.person_id).phone)
    found: dict[str, Any] = {}
    if not kept.facts["phone_can_exist"] and any(people.can_exist(phone, country) for phone in phones):
        found["phone_can_exist"] = True
    return found


def _facts(
    draft: InquiryDraft,
    country: str,
    zone: str,
    *,
    car: Car | None,
    at: datetime,
    sent: Source,
    made_at: datetime | None,
    asked: bool,
) -> Facts:
    local = clock.local(at, zone)
    listed = car.listed_at if car else None
    days = max((at - listed).days, 0) if listed else None
    known = Evidence(
        interest=draft.interest,
        about_car=car is not None,
        phone_can_exist=people.can_exist(draft.phone, country),
        long_message=len(draft.message) >= evidence.LONG_MESSAGE,
        asked_before=asked,
        new_on_sale=listed is not None and at - listed <= evidence.NEW_ON_SALE,
        throwaway=rules.is_throwaway(draft.email),
        link=rules.has_link(draft.message),
        fast=spam.is_within(evidence.FAST, made_at, at),
    )
    price = car.price_cents or None if car else None
    return Facts(known, sent, bool(draft.email), len(draft.message), local.hour, local.weekday(), price, days)


def _store(made: RuleSet) -> models.RuleSet:
    row = models.RuleSet(version=made.version, points=made.data(), created_at=clock.now())
    session.add(row)
    session.flush()
    return row


def _record(action: str, lead: Lead, details: Mapping[str, object]) -> None:
    audit.record(action, "lead", lead.id, details=dict(details), person_id=lead.person_id)
