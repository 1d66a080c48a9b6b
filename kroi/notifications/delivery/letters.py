"""The words of a message, made from its references when it is sent, in the language of whoever reads it."""

from dataclasses import replace
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kroi.accounts.models import User
from kroi.accounts.tickets import service as tickets
from kroi.accounts.tickets.models import Ticket
from kroi.accounts.tickets.rules import TicketKind
from kroi.catalogue.rules import HIDDEN
from kroi.db.model import session
from kroi.leads.mail.mailbox import takes_plus_addresses
from kroi.leads.mail.models import Mail
from kroi.leads.mail.rules import threads
from kroi.leads.models import Lead
from kroi.leads.own_page import queries as own_pages
from kroi.leads.rules import LeadStatus
from kroi.leads.words import INTERESTS, PRIORITIES
from kroi.notifications.delivery import visiting
from kroi.notifications.delivery.desks import Desk
from kroi.notifications.delivery.rules import Letter
from kroi.notifications.models import Outbox, OutboxKind
from kroi.notifications.notices import words
from kroi.notifications.rules import NoticeKind
from kroi.web.settings import settings
from kroi.web.urls import url_for


def write(message: Outbox, desk: Desk) -> Letter | None:
    """The letter, or `None` when nobody wants it any more: the lead is spam, the reader was switched off."""
    if message.kind in (OutboxKind.INVITE, OutboxKind.RESET, OutboxKind.EMAIL):
        return _link(message, desk)
    if message.kind is OutboxKind.EMAIL_CHANGED:
        return _email_changed(message, desk)
    lead = _find_lead(message.lead_id)
    if message.kind is OutboxKind.ANSWER:
        return _answer(message, lead, desk)
    if lead is None or lead.status is LeadStatus.SPAM:
        return None
    if message.kind is OutboxKind.RECEIPT:
        return _receipt(message, lead, desk)
    if message.kind is OutboxKind.VISIT:
        return visiting.write(message, lead, desk)
    if message.kind is OutboxKind.NOTICE:
        return _notice(message, lead, desk)
    return _new_lead(lead, message.user_id, desk)


def _link(message: Outbox, desk: Desk) -> Letter | None:
    """A way in for one of the staff. The link stands in no row: it is made here, and only while it opens something."""
    user = session.get(User, message.user_id) if message.user_id else None
    kind = TicketKind(message.kind.value)
    ticket = tickets.find_handed_out(user.id, kind) if user and user.active else None
    if user is None or ticket is None:
        return None
    page = "accounts_emails.open_link" if ticket.email else "accounts_tickets.open_link"
    link = desk.site + url_for(page, secret=tickets.secret_of(ticket))
    return desk.write(kind.value, user.language, ticket.email or user.email, None, user=user, link=link)


def _email_changed(message: Outbox, desk: Desk) -> Letter | None:
    """Word to the address that counted before, or to the one that counts now."""
    facts = message.facts or {}
    user, ticket = session.get(User, message.user_id or 0), session.get(Ticket, facts.get("ticket", 0))
    after = facts.get("to") == "after"
    address = ticket and (ticket.email if after else ticket.email_before)
    if user is None or not address:
        return None
    return desk.write(message.kind.value, user.language, address, None, user=user, after=after)


def _find_lead(lead_id: int | None) -> Lead | None:
    query = select(Lead).where(Lead.id == lead_id).options(joinedload(Lead.car), joinedload(Lead.person))
    return session.scalar(query)


def _receipt(message: Outbox, lead: Lead, desk: Desk) -> Letter | None:
    # Nothing of what was typed is repeated: a stranger's address must not be mailed a spammer's words.
    if not lead.email:
        return None
    shown = lead.car is not None and lead.car.status not in HIDDEN
    key = own_pages.find_key(lead.id)
    letter = desk.write("receipt", desk.language_of(lead), lead.email, lead, shown=shown, key=key)
    return replace(letter, answers=True, message_id=desk.identity(message, lead.id))


def _answer(message: Outbox, lead: Lead | None, desk: Desk) -> Letter | None:
    """What one of us wrote, as they wrote it."""
    mail = session.get(Mail, message.mail_id) if message.mail_id else None
    if mail is None or lead is None or (mail.leaves_at and lead.status is LeadStatus.SPAM):
        return None
    writer = session.get(User, mail.by_id) if mail.by_id else None
    name = f"{writer.name}, {desk.profile.name}" if writer else desk.profile.name
    return Letter(
        mail.address,
        mail.subject,
        mail.text,
        name,
        desk.sender,
        reply_to=_answers_go_to(mail, desk),
        personal=True,
        in_reply_to=mail.answers,
        message_id=mail.message_id,
    )


def _answers_go_to(mail: Mail, desk: Desk) -> str | None:
    """The mailbox that we read; its address names the thread where its server can deliver that."""
    url = settings().imap_url
    found = desk.profile.email or unquote(urlsplit(url or "").username or "")
    if "@" not in found:
        return None
    token = mail.message_id.strip("<>").partition("@")[0]
    return threads.plus_address(found, token) if takes_plus_addresses(url) else found


def _notice(message: Outbox, lead: Lead, desk: Desk) -> Letter | None:
    user = session.get(User, message.user_id) if message.user_id else None
    if user is None or not user.active or message.event not in list(NoticeKind):
        return None
    kind = NoticeKind(message.event)
    return desk.write("notice", user.language, user.email, lead, line=lambda: words.line(kind, lead))


def _new_lead(lead: Lead, user_id: int | None, desk: Desk) -> Letter | None:
    user = session.get(User, user_id) if user_id else None
    to = user.email if user else desk.profile.email
    if not to or (user_id and not (user and user.active)):
        return None
    words = {"interest": INTERESTS[lead.interest], "priority": PRIORITIES[lead.priority]}
    language = user.language if user else desk.profile.language
    return replace(desk.write("new_lead", language, to, lead, **words), reply_to=lead.email)
