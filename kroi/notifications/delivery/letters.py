"""The words of a message, made from its references when it is sent, in the language of whoever reads it."""

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kroi.accounts.models import User
from kroi.catalogue.rules import CarStatus
from kroi.db.model import session
from kroi.dealerships.rules import Profile
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from kroi.leads.words import INTERESTS, PRIORITIES
from kroi.notifications.delivery.rules import Letter
from kroi.notifications.models import Outbox, OutboxKind
from kroi.web.place import Place, speaking

Render = Callable[[str, Mapping[str, object]], str]
_UNSHOWN = (CarStatus.DRAFT, CarStatus.WITHDRAWN)


def write(message: Outbox, profile: Profile, sender: str, render: Render) -> Letter | None:
    """The letter, or `None` when nobody wants it any more: the lead is spam, the reader was switched off."""
    lead = _find_lead(message.lead_id)
    if lead is None or lead.status is LeadStatus.SPAM:
        return None
    if message.kind is OutboxKind.RECEIPT:
        return _receipt(lead, profile, sender, render)
    return _new_lead(lead, message.user_id, profile, sender, render)


def _find_lead(lead_id: int | None) -> Lead | None:
    query = select(Lead).where(Lead.id == lead_id).options(joinedload(Lead.person), joinedload(Lead.car))
    return session.scalar(query)


def _receipt(lead: Lead, profile: Profile, sender: str, render: Render) -> Letter | None:
    # Nothing of what was typed is repeated: a stranger's address must not be mailed a spammer's words.
    if not lead.person.email:
        return None
    shown = lead.car is not None and lead.car.status not in _UNSHOWN
    language = lead.language if lead.language in profile.languages else profile.language
    context: dict[str, object] = {"lead": lead, "profile": profile, "shown": shown}
    with speaking(_place(profile, language)):
        return Letter(
            to=lead.person.email,
            subject=render("notifications/receipt.subject.txt", context),
            body=render("notifications/receipt.txt", context),
            sender_name=profile.name,
            sender=sender,
            answers=True,
        )


def _new_lead(
    lead: Lead, user_id: int | None, profile: Profile, sender: str, render: Render
) -> Letter | None:
    user = session.get(User, user_id) if user_id else None
    to = user.email if user else profile.email
    if not to or (user_id and not (user and user.active)):
        return None
    context: dict[str, object] = {
        "lead": lead,
        "profile": profile,
        "interest": INTERESTS[lead.interest],
        "priority": PRIORITIES[lead.priority],
    }
    with speaking(_place(profile, user.language if user else profile.language)):
        return Letter(
            to=to,
            subject=render("notifications/new_lead.subject.txt", context),
            body=render("notifications/new_lead.txt", context),
            sender_name=profile.name,
            sender=sender,
            reply_to=lead.person.email,
        )


def _place(profile: Profile, language: str) -> Place:
    return Place(language, profile.language, profile.currency, profile.zone)
