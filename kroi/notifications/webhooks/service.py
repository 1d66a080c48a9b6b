"""Keeping webhooks, telling them of events, and making what they are sent."""

import secrets
from typing import Any

from sqlalchemy import delete

from kroi.accounts import audit
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.notifications.models import Outbox, OutboxKind, Webhook
from kroi.notifications.rules import HookEvent
from kroi.notifications.webhooks import queries, rules
from kroi.notifications.webhooks.sending import send
from kroi.web import tokens


def tell(event: HookEvent, lead_id: int, facts: dict[str, Any] | None = None) -> None:
    """Whoever listens hears of an event, once the caller's transaction is stored. `facts`: codes and numbers only."""
    for webhook in queries.list_for(event.value):
        session.add(
            Outbox(
                kind=OutboxKind.WEBHOOK,
                lead_id=lead_id,
                webhook_id=webhook.id,
                event=event.value,
                facts=facts or {},
            )
        )


def add(url: str, events: list[str], *, personal: bool) -> Webhook:
    """Another program hears from now on."""
    webhook = Webhook(url=url, events=events, personal=personal, nonce=secrets.token_hex(16))
    session.add(webhook)
    session.flush()  # the audit carries the new id
    audit.record("webhook.added", "webhook", webhook.id, details={"events": events, "personal": personal})
    return webhook


def switch(webhook: Webhook, *, on: bool) -> None:
    """It hears, or not. The caller has locked it."""
    webhook.active = on
    audit.record("webhook.switched", "webhook", webhook.id, details={"on": on})


def renew(webhook: Webhook) -> None:
    """Another secret; the old one signs nothing any more. The caller has locked it."""
    webhook.nonce = secrets.token_hex(16)
    audit.record("webhook.renewed", "webhook", webhook.id)


def remove(webhook: Webhook) -> None:
    """It goes, with what it was still to hear. The caller has locked it."""
    audit.record("webhook.removed", "webhook", webhook.id)
    theirs = delete(Outbox).where(Outbox.webhook_id == webhook.id)
    session.execute(theirs.execution_options(synchronize_session=False))
    session.delete(webhook)


def secret_of(webhook: Webhook) -> str:
    """What its messages are signed with; it stands in no table."""
    return tokens.digest("webhook", f"{webhook.dealership_id}.{webhook.id}.{webhook.nonce}")


def deliver(message: Outbox, delivery: str, *, private: bool) -> bool:
    """Send one; `False` when nobody listens any more. Raises NotCarried. Leaves no transaction open while it waits."""
    webhook = session.get(Webhook, message.webhook_id)
    if webhook is None or not webhook.active:
        return False
    lead = queries.find_lead(message.lead_id)
    facts = {**(message.facts or {}), "dealership": message.dealership_id, "lead": _described(lead, webhook)}
    content = rules.body(delivery, message.event or "", message.created_at, facts)
    url, secret = webhook.url, secret_of(webhook)
    session.rollback()
    timestamp = int(clock.now().timestamp())
    headers = {
        "User-Agent": "Kroi",
        "Kroi-Event": message.event or "",
        "Kroi-Delivery": delivery,
        "Kroi-Timestamp": str(timestamp),
        "Kroi-Signature": f"v1={rules.signature(secret, timestamp, content)}",
    }
    send(url, content, headers, private=private)
    return True


def _described(lead: Lead | None, webhook: Webhook) -> dict[str, Any] | None:
    if lead is None:
        return None
    facts = {
        "id": lead.id,
        "reference": lead.reference,
        "status": lead.status.value,
        "priority": lead.priority.value,
        "interest": lead.interest.value,
        "source": lead.source.value,
        "car": lead.car_id,
        "assignee": lead.assignee_id,
    }
    return facts | ({"name": lead.name, "email": lead.email, "phone": lead.phone} if webhook.personal else {})
