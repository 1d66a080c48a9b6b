"""Leads for the tests of mail, as a shopper's inquiry would leave them."""

import secrets
from typing import Any

from kroi.core import clock, events
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads.events import InquirySubmitted
from kroi.leads.models import Lead, Person
from kroi.leads.rules import Interest, Priority, Source


def ask(**values: Any) -> int:
    """Somebody asks; everything that listens is told. Answers with the lead's id."""
    facts: dict[str, Any] = {
        "reference": secrets.token_hex(4),
        "name": "Wilma Virta",
        "email": "wilma@example.test",
        "phone": "+358401234567",
        "interest": Interest.TEST_DRIVE,
        "message": "Is it still there?",
        "source": Source.WEBSITE_CONTACT,
        "privacy_version": "2026-11",
        "score": 60,
        "score_reasons": [],
        "score_version": 1,
        "priority": Priority.HIGH,
        "received_at": clock.now(),
        "submission_key": secrets.token_hex(8),
    } | values
    with transaction():
        person = Person(name=facts["name"], email=facts["email"], phone=facts["phone"])
        session.add(person)
        session.flush()
        lead = Lead(person_id=person.id, **facts)
        session.add(lead)
        session.flush()
        events.publish(InquirySubmitted(lead.id))
    return lead.id
