"""Putting messages into the outbox, in the transaction of whoever causes them."""

from sqlalchemy import delete

from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.notifications import queries, rules
from kroi.notifications.models import Outbox, OutboxKind


def tell_of_lead(lead_id: int) -> None:
    """The staff hear of a new lead, and the shopper gets a receipt if there is an address for it."""
    assignee_id, email = queries.find_assignee_and_email(lead_id)
    hearers: list[int | None] = [*rules.who_hears(queries.list_colleagues(), assignee_id)]
    for user_id in hearers or [None]:
        session.add(Outbox(kind=OutboxKind.NEW_LEAD, lead_id=lead_id, user_id=user_id))
    if email:
        session.add(Outbox(kind=OutboxKind.RECEIPT, lead_id=lead_id))


def forget_sent() -> None:
    """Messages that left a while ago need not be kept; those we gave up on are, for somebody to look at."""
    long_gone = Outbox.sent_at < clock.now() - rules.KEPT
    with transaction():
        session.execute(delete(Outbox).where(long_gone).execution_options(synchronize_session=False))
