"""Putting messages into the outbox, in the transaction of whoever causes them."""

from datetime import datetime

from sqlalchemy import delete

from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.notifications import queries, rules
from kroi.notifications.delivery import kept
from kroi.notifications.models import Outbox, OutboxKind
from kroi.notifications.notices import service as notices
from kroi.notifications.rules import NoticeKind
from kroi.notifications.upkeep.rules import CANCELLED


def tell_of_lead(lead_id: int) -> None:
    """The staff hear of a new lead, and the shopper gets a receipt if there is an address for it."""
    assignee_id, email = queries.find_assignee_and_email(lead_id)
    hearers = rules.who_hears(queries.list_colleagues(), assignee_id)
    notices.tell(NoticeKind.NEW_LEAD, hearers, lead_id)
    if not hearers:
        session.add(Outbox(kind=OutboxKind.NEW_LEAD, lead_id=lead_id))
    if email:
        session.add(Outbox(kind=OutboxKind.RECEIPT, lead_id=lead_id))


def tell_who_answers(kind: NoticeKind, lead_id: int) -> None:
    """Whoever works a lead hears of something; everybody does while nobody works it."""
    assignee_id, _email = queries.find_assignee_and_email(lead_id)
    notices.tell(kind, rules.who_answers(queries.list_colleagues(), assignee_id), lead_id)


def tell_who_manages(kind: NoticeKind, lead_id: int) -> None:
    """The managers hear of something."""
    notices.tell(kind, rules.who_manages(queries.list_colleagues()), lead_id)


def send_mail(lead_id: int, mail_id: int, leaves_at: datetime | None = None) -> None:
    """What one of us wrote leaves, at once or then."""
    due_at = leaves_at or clock.now()
    session.add(Outbox(kind=OutboxKind.ANSWER, lead_id=lead_id, mail_id=mail_id, due_at=due_at))


def recall_mail(mail_id: int) -> None:
    """A mail that waits does not leave; raises Conflict when it is leaving right now, or has left."""
    message = queries.lock_waiting(mail_id)
    message.dead_at, message.last_error = clock.now(), CANCELLED


def hurry_mail(mail_id: int) -> None:
    """A mail that waits leaves now; raises Conflict when it is leaving already."""
    queries.lock_waiting(mail_id).due_at = clock.now()


def tell_of_visit(lead_id: int, visit_id: int, what: str | None, remind_at: datetime | None) -> None:
    """The shopper hears what became of a visit, if it is to be told, and is reminded of it, if there is time for it."""
    facts = {"visit": visit_id}
    if what is not None:
        session.add(Outbox(kind=OutboxKind.VISIT, lead_id=lead_id, event=what, facts=facts))
    if remind_at is not None:
        reminder = Outbox(kind=OutboxKind.VISIT, lead_id=lead_id, event=rules.REMINDER, facts=facts, due_at=remind_at)
        session.add(reminder)


def send_link(user_id: int, kind: OutboxKind) -> None:
    """A member of staff gets a link, which is made when the letter is written."""
    session.add(Outbox(kind=kind, user_id=user_id))


def tell_of_new_email(user_id: int, ticket_id: int) -> None:
    """Both addresses of a member of staff hear that one took the other's place."""
    for to in ("before", "after"):
        facts = {"ticket": ticket_id, "to": to}
        session.add(Outbox(kind=OutboxKind.EMAIL_CHANGED, user_id=user_id, facts=facts))


def forget_sent() -> None:
    """Messages that left a while ago need not be kept; those we gave up on are, for somebody to look at."""
    long_gone = Outbox.sent_at < clock.now() - rules.KEPT
    with transaction():
        session.execute(delete(Outbox).where(long_gone).execution_options(synchronize_session=False))
    kept.forget_orphans()
    notices.forget_old()
