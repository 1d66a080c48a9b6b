"""Questions as shoppers send them, and changes as staff make them."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads import queries, service
from kroi.leads.models import Lead
from kroi.leads.rules import InquiryDraft, Interest, Sending, Source

MONDAY_NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)  # in Helsinki; the house opened at ten there


def ask(*, car: Car | None = None, trap: str = "") -> Lead:
    """A shopper asks now, with words that nobody used before."""
    nonce = secrets.token_hex(8)
    draft = InquiryDraft(
        name="Anna Aho",
        email=f"{nonce}@example.com",
        phone=None,
        message=f"Is it still there? {nonce}",
        interest=Interest.QUESTION,
        trap=trap,
    )
    made = clock.now() - timedelta(minutes=1)
    with transaction():
        receipt = service.submit(draft, Sending(nonce, made, Source.WEBSITE_CONTACT, "en", "2026-11"), car=car)
    return session.get_one(Lead, receipt.lead_id)


def change(lead_id: int, act: Callable[[Lead], object]) -> None:
    """Do something to a lead, in a transaction of its own."""
    with transaction():
        act(queries.lock(lead_id))
