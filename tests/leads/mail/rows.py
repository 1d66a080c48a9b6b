"""Mails as they come in from the world, and rows of the outbox, for tests."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count
from typing import Any

from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads import queries as leads
from kroi.leads.mail import incoming, service
from kroi.leads.mail.incoming import Origin, Outcome
from kroi.leads.mail.models import Mail, ReplyTemplate
from kroi.leads.models import Lead
from kroi.notifications.models import Outbox, OutboxKind, Webhook
from tests.support.makers import stored

_uids = count(1)


def messages(lead: Lead) -> dict[str, Any]:
    """One of each row about messages that an address may name."""
    template = stored(ReplyTemplate(name="Hours", language="en", subject="{car}", body="Hello {name}"))
    webhook = stored(Webhook(url="https://crm.example/in", events=["lead.moved"], nonce="1"))
    message = stored(Outbox(kind=OutboxKind.NOTICE))
    waiting = written(lead, leaves_at=clock.now() + timedelta(days=1))
    return {
        "template_id": template.id,
        "webhook_id": webhook.id,
        "message_id": message.id,
        "mail_id": waiting.id,
    }


def written(
    lead: Lead,
    subject: str = "The A4",
    text: str = "Come and see it.",
    nonce: str = "",
    leaves_at: datetime | None = None,
) -> Mail:
    """A mail that one of us wrote about a lead."""
    with transaction():
        return service.write(leads.lock(lead.id), subject, text, nonce, leaves_at)


def letter(sender: str = "Wilma Virta <wilma@example.test>", text: str = "Saturday is fine.", **headers: str) -> bytes:
    """A mail from somebody, as bytes. Header names with underscores for dashes."""
    mail = EmailMessage()
    headers = {"To": "sales@a.test", "Subject": "Hello", "Message_ID": f"<{next(_uids)}@example.test>"} | headers
    mail["From"] = sender
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def arrive(raw: bytes, uid: int | None = None) -> Outcome:
    """It lies in the mailbox and is taken in."""
    outcome = incoming.take(raw, Origin("box", 1, uid or 1_000_000 + next(_uids)))
    session.expire_all()
    return outcome
