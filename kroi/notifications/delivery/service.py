"""Sending what is due: one message at a time is claimed, sent, and marked, so that a killed worker loses none.

A mail is sent at least once. It is sent twice only if we die between the server's yes and our mark; its Message-ID is
the same then.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select, update

from kroi.core import clock
from kroi.db import bulk
from kroi.db.model import session
from kroi.db.tenancy import across_dealerships, acting_for
from kroi.db.transaction import run_in_transaction, transaction
from kroi.dealerships import queries as dealerships
from kroi.leads.mail import later as waiting_mails
from kroi.leads.mail import service as mails
from kroi.notifications import queries, rules
from kroi.notifications.delivery import desks, kept, letters
from kroi.notifications.delivery import rules as envelopes
from kroi.notifications.delivery.carriers import Carrier, NotCarried
from kroi.notifications.delivery.desks import Render
from kroi.notifications.models import Outbox, OutboxKind
from kroi.notifications.upkeep.rules import UNWANTED
from kroi.notifications.webhooks import service as webhooks

_log = logging.getLogger(__name__)
_MOST_IN_A_ROW = 50  # then another dealership has its turn


@dataclass(frozen=True)
class Post:
    """What sending needs: who takes the mails, who makes the words, and the address our mails carry."""

    carrier: Carrier
    render: Render
    public_url: str
    private_hooks: bool = False
    """May webhooks go to private addresses?"""

    @property
    def domain(self) -> str:
        """The domain of message ids, and of the sender where a dealership gives none."""
        return envelopes.domain_of(urlsplit(self.public_url).hostname or "")


def sweep(post: Post, stopped: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, everywhere; how many left. Raises NotCarried when nothing would leave now."""
    with across_dealerships():
        waiting = queries.list_dealerships_due()
    sent = 0
    try:
        for dealership_id in waiting:
            with acting_for(dealership_id):
                for _turn in range(_MOST_IN_A_ROW):
                    outcome = None if stopped() else deliver_next(post)
                    if outcome is None:
                        break
                    sent += outcome
    finally:
        if waiting:
            post.carrier.close()
    return sent


def deliver_next(post: Post) -> bool | None:
    """Send the dealership's most overdue message: did it leave? `None` when nothing is due."""
    message = run_in_transaction(_claim)
    if message is None:
        return None
    session.expunge(message)  # what we know of it outlives the rollbacks below
    try:
        left = _send(message, post)
    except NotCarried as failure:
        _note_failure(message, failure)
        if failure.for_all:
            raise
        return False
    except Exception as error:  # a fault in one letter must not hold up the others
        _log.error("message %s could not be written: %s", message.id, type(error).__name__)
        _note_failure(message, NotCarried(f"letter {type(error).__name__}"))
        return False
    now = clock.now()
    _mark(message, **({"sent_at": now} if left else {"dead_at": now, "last_error": UNWANTED}))
    return left


def _claim() -> Outbox | None:
    now = clock.now()
    message = session.scalar(
        select(Outbox)
        .where(queries.due(now))
        .order_by(Outbox.due_at, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if message is not None:
        message.claimed_until = now + rules.CLAIM
        message.attempts += 1
    return message


def _send(message: Outbox, post: Post) -> bool:
    identity = envelopes.message_id(message.dealership_id, message.id, message.created_at, post.domain)
    if message.kind is OutboxKind.WEBHOOK:
        return webhooks.deliver(message, identity.strip("<>").partition("@")[0], private=post.private_hooks)
    profile = dealerships.get_profile(message.dealership_id)
    letter = letters.write(message, desks.desk(profile, post.public_url, post.domain, post.render))
    session.rollback()  # no transaction stays open while a mail server thinks
    if letter is None:
        return False
    try:
        mail = envelopes.compose(letter, message_id=letter.message_id or identity, at=clock.now())
    except ValueError:
        raise NotCarried("no such address", permanent=True) from None
    post.carrier.carry(mail, envelopes.file_name(message.dealership_id, message.id))
    _log.info("message %s of dealership %s left", message.id, message.dealership_id)
    return True


def _note_failure(message: Outbox, failure: NotCarried) -> None:
    now = clock.now()
    _log.warning("message %s did not leave, attempt %s: %s", message.id, message.attempts, failure.code)
    if rules.is_hopeless(message.attempts, permanent=failure.permanent):
        _mark(message, dead_at=now, last_error=failure.code)
    else:
        later = now + rules.wait_after(message.attempts, random.random())
        _mark(message, due_at=later, claimed_until=None, last_error=failure.code)
        if message.webhook_id is not None:
            _leave_alone(message.webhook_id, later)


def _leave_alone(webhook_id: int, until: datetime) -> None:
    """A webhook that just failed is not asked for each of its other messages: mails would wait behind them."""
    theirs = (Outbox.webhook_id == webhook_id, queries.WAITING, Outbox.due_at < until)
    with transaction():
        session.execute(update(Outbox).where(*theirs).values(due_at=until).execution_options(synchronize_session=False))


def _mark(message: Outbox, **values: datetime | str | None) -> None:
    """Write the outcome, unless our claim ran out and another worker has it in hand."""
    ours = (Outbox.id == message.id, Outbox.claimed_until == message.claimed_until)
    session.rollback()
    with transaction():
        if message.mail_id is not None:
            waiting_mails.hold(message.mail_id)
        outcome = update(Outbox).where(*ours).values(**values).execution_options(synchronize_session=False)
        found = bulk.count_changed(outcome)
        if found and message.mail_id is not None:
            _tell_mail(message.mail_id, values)
    if not found and session.scalar(select(Outbox.id).where(Outbox.id == message.id)) is None:
        kept.forget([message.id])  # whom it was about was erased while it left


def _tell_mail(mail_id: int, values: dict[str, datetime | str | None]) -> None:
    if values.get("sent_at"):
        mails.note_sent(mail_id)
    elif values.get("dead_at"):
        mails.note_failed(mail_id, str(values["last_error"]))
