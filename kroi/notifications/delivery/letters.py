"""The words of a message, made from its references when it is sent, in the language of whoever reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kroi.accounts.models import User
from kroi.catalogue.rules import CarStatus
from kroi.core.sites import site_of
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


@dataclass(frozen=True)
class Desk:
    """What every letter of a dealership is written with. `site` is where its pages are, `sender` a bare address."""

    profile: Profile
    site: str
    sender: str
    render: Render

    def write(self, name: str, language: str, to: str, lead: Lead, **context: object) -> Letter:
        """The letter of this name, in a language of the reader's."""
        profile = self.profile
        context |= {"lead": lead, "profile": profile, "site": self.site}
        with speaking(Place(language, profile.language, profile.currency, profile.zone)):
            subject = self.render(f"notifications/{name}.subject.txt", context)
            body = self.render(f"notifications/{name}.txt", context)
        return Letter(to, subject, body, profile.name, self.sender)


def desk(profile: Profile, public_url: str, domain: str, render: Render) -> Desk:
    """The desk of a dealership. Without an address of its own it sends from one that nobody reads."""
    return Desk(profile, site_of(public_url, profile.host), profile.email or f"no-reply@{domain}", render)


def write(message: Outbox, desk: Desk) -> Letter | None:
    """The letter, or `None` when nobody wants it any more: the lead is spam, the reader was switched off."""
    lead = _find_lead(message.lead_id)
    if lead is None or lead.status is LeadStatus.SPAM:
        return None
    if message.kind is OutboxKind.RECEIPT:
        return _receipt(lead, desk)
    return _new_lead(lead, message.user_id, desk)


def _find_lead(lead_id: int | None) -> Lead | None:
    query = select(Lead).where(Lead.id == lead_id).options(joinedload(Lead.car))
    return session.scalar(query)


def _receipt(lead: Lead, desk: Desk) -> Letter | None:
    # Nothing of what was typed is repeated: a stranger's address must not be mailed a spammer's words.
    if not lead.email:
        return None
    shown = lead.car is not None and lead.car.status not in _UNSHOWN
    language = lead.language if lead.language in desk.profile.languages else desk.profile.language
    return replace(desk.write("receipt", language, lead.email, lead, shown=shown), answers=True)


def _new_lead(lead: Lead, user_id: int | None, desk: Desk) -> Letter | None:
    user = session.get(User, user_id) if user_id else None
    to = user.email if user else desk.profile.email
    if not to or (user_id and not (user and user.active)):
        return None
    words = {"interest": INTERESTS[lead.interest], "priority": PRIORITIES[lead.priority]}
    language = user.language if user else desk.profile.language
    return replace(desk.write("new_lead", language, to, lead, **words), reply_to=lead.email)
