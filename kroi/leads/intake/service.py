"""Storing inquiries: a resend finds its lead, spam is put aside, everything else is scored and told about."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.catalogue.models import Car, NumberSequence
from kroi.core import clock, events, sealing
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.leads import queries
from kroi.leads.clock import service as response_clock
from kroi.leads.events import InquirySubmitted
from kroi.leads.intake import rules
from kroi.leads.models import Activity, ActivityKind, Lead, Person
from kroi.leads.own_page import service as own_pages
from kroi.leads.people import rules as contacts
from kroi.leads.people import service as people
from kroi.leads.people.rules import Keys
from kroi.leads.rules import InquiryDraft, LeadStatus, Sending, Source, SpamReason, drafts, spam
from kroi.leads.scoring import service as scoring
from kroi.leads.visits import booking
from kroi.leads.wishes import queries as wished
from kroi.leads.wishes import service as wishes

SAME_WORDS = timedelta(minutes=10)  # in which the same words from the same person are the same inquiry


@dataclass(frozen=True)
class Receipt:
    """What the sender may be told. `is_new` is False for a resend; `is_spam` is for us, never for them."""

    lead_id: int
    reference: str
    received_at: datetime
    is_new: bool
    is_spam: bool
    own_page: str = ""
    """The key of the shopper's own page; none for words that came from another form before."""


def submit(draft: InquiryDraft, sending: Sending, *, car: Car | None = None, limit: int = 20) -> Receipt:
    """A shopper asks. The same form with the same words is one lead, however often it comes.

    `limit` is how many inquiries an hour one address may send before they count as spam. Raises `booking.Taken`,
    with nothing stored, when the time that it asks for cannot be had.
    """
    country = dealerships.get_profile(current_dealership_id()).country
    keys = contacts.keys(draft.email, draft.phone, country)
    key = _submission_key(draft, sending, car, keys)
    people.hold(f"form {key}", *keys.names(), *([f"address {sending.address}"] if sending.address else []))
    found = queries.find_by_submission(key)
    if found is not None:
        return _receipt(found, is_new=False, own_page=own_pages.key_of(found))
    now = clock.now()
    reason = _spam_reason(draft, sending, now, limit)
    person = people.find_or_add(draft, keys, complete=reason is None)
    found = _said_before(draft, person, keys, car, now, country) if reason is None else None
    if found is not None:
        return _receipt(found, is_new=False)
    if draft.wish.slot and reason is None:
        booking.claim(person.id, car, draft.wish.slot)
    lead = _store(draft, sending, person, car, now=now, key=key, spam_reason=reason)
    if draft.wish.slot and reason is None:
        booking.book(lead, car, draft.wish.slot)
    own_page = own_pages.open_page(lead)
    if reason is None:
        events.publish(InquirySubmitted(lead.id))
    return _receipt(lead, is_new=True, own_page=own_page)


def add_walk_in(
    draft: InquiryDraft,
    *,
    car: Car | None = None,
    source: Source = Source.WALK_IN,
    assignee: User | None = None,
) -> Lead:
    """Somebody asked in person or by phone, and one of us writes it down. Nobody is mailed about it."""
    profile = dealerships.get_profile(current_dealership_id())
    keys, now = contacts.keys(draft.email, draft.phone, profile.country), clock.now()
    people.hold(*keys.names())
    person = people.find_or_add(draft, keys)
    found = _said_before(draft, person, keys, car, now, profile.country)
    if found is not None:
        return found
    sending = Sending(secrets.token_hex(16), None, source, profile.language, privacy_version="")
    key = _submission_key(draft, sending, car, keys)
    lead = _store(draft, sending, person, car, now=now, key=key, spam_reason=None)
    lead.assignee_id = assignee.id if assignee else None
    return lead


def _submission_key(draft: InquiryDraft, sending: Sending, car: Car | None, keys: Keys) -> str:
    contact = ((draft.email or "").strip().casefold(), keys.phone or draft.phone or "")
    return drafts.submission_key(sending.nonce, car.id if car else None, draft, contact)


def _spam_reason(draft: InquiryDraft, sending: Sending, now: datetime, limit: int) -> SpamReason | None:
    sent = queries.count_from_address(sending.address, now - spam.WINDOW) if sending.address else 0
    return spam.reason(draft, made_at=sending.made_at, now=now, sent_before=sent, limit=limit)


def _said_before(
    draft: InquiryDraft, person: Person, keys: Keys, car: Car | None, now: datetime, country: str
) -> Lead | None:
    """The lead that these words became a moment ago, from another form; it takes over what they add."""
    for lead in queries.list_recent(person.id, car.id if car else None, now - SAME_WORDS):
        earlier = contacts.keys(lead.email, lead.phone, country)
        if _same(draft, lead) and not keys.contradict(earlier):
            lead.email, lead.phone = lead.email or draft.email, lead.phone or draft.phone
            lead.marketing = lead.marketing or draft.marketing
            scoring.see_again(lead)
            return lead
    return None


def _same(draft: InquiryDraft, lead: Lead) -> bool:
    return (
        draft.interest is lead.interest
        and drafts.same_words(draft.name, lead.name)
        and drafts.same_words(draft.message, lead.message)
        and draft.wish.said() == wished.find_said(lead.id)
    )


def _store(
    draft: InquiryDraft,
    sending: Sending,
    person: Person,
    car: Car | None,
    *,
    now: datetime,
    key: str,
    spam_reason: SpamReason | None,
) -> Lead:
    profile = dealerships.get_profile(current_dealership_id())
    facts = scoring.facts_of(draft, person, car=car, now=now, sent=sending.source, made_at=sending.made_at)
    judged = scoring.score(facts)
    lead = Lead(
        reference=_next_reference(clock.local(now, profile.zone)),
        person_id=person.id,
        car_id=car.id if car else None,
        name=draft.name,
        email=draft.email,
        phone=draft.phone,
        interest=draft.interest,
        message=draft.message,
        marketing=draft.marketing,
        source=sending.source,
        utm_source=sending.campaign.source,
        utm_medium=sending.campaign.medium,
        utm_campaign=sending.campaign.name,
        referrer_host=sending.campaign.referrer_host,
        language=sending.language,
        privacy_version=sending.privacy_version,
        status=LeadStatus.SPAM if spam_reason else LeadStatus.NEW,
        spam_reason=spam_reason.value if spam_reason else None,
        score=judged.value,
        score_reasons=judged.data(),
        score_version=judged.version,
        priority=judged.priority,
        received_at=now,
        clock_step=0,
        form_made_at=sending.made_at,
        submission_key=key,
        address_digest=sending.address,
    )
    session.add(lead)
    response_clock.follow(lead)
    session.flush()  # history and audit carry the new id
    scoring.keep_facts(lead, facts)
    wishes.keep(lead, draft.wish)
    _remember(lead, person)
    return lead


def _next_reference(local_now: datetime) -> str:
    """A number of this month that nobody else gets: its row is ours until the transaction ends."""
    name = rules.sequence(local_now)
    dialects.lock_named(session, f"number {current_dealership_id()} {name}")
    row = session.scalar(
        select(NumberSequence).where(NumberSequence.name == name).execution_options(populate_existing=True)
    )
    if row is None:
        row = NumberSequence(name=name, next=1)
        session.add(row)
    row.next += 1
    return rules.reference(name, row.next - 1)


def _remember(lead: Lead, person: Person) -> None:
    facts = {
        "source": lead.source.value,
        "interest": lead.interest.value,
        "score": lead.score,
        "spam": lead.spam_reason,
        "privacy": lead.privacy_version,
        "marketing": lead.marketing,
    }
    session.add(
        Activity(
            lead_id=lead.id,
            kind=ActivityKind.RECEIVED,
            at=lead.received_at,
            by_id=audit.actor_id(),
            facts=facts,
        )
    )
    personal = json.dumps({"name": lead.name, "email": lead.email, "phone": lead.phone})
    audit.record(
        "lead.received",
        "lead",
        lead.id,
        details=facts | {"reference": lead.reference, "car": lead.car_id},
        person_id=person.id,
        sealed=sealing.seal(person.seal_key, personal),
    )


def _receipt(lead: Lead, *, is_new: bool, own_page: str = "") -> Receipt:
    return Receipt(lead.id, lead.reference, lead.received_at, is_new, lead.status is LeadStatus.SPAM, own_page)
