"""Writing to people about their lead, what became of it, and the templates that such mails begin with."""

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _

from kroi.accounts import audit
from kroi.core import clock, events
from kroi.core.errors import Conflict
from kroi.core.sites import mail_domain
from kroi.db.model import session
from kroi.leads.clock import service as response_clock
from kroi.leads.events import MailFailed, MailWritten
from kroi.leads.mail import later, queries
from kroi.leads.mail.models import Direction, Mail, ReplyTemplate
from kroi.leads.mail.rules import threads
from kroi.leads.mail.rules.threads import Thread
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.web import tokens
from kroi.web.settings import settings


def sign(words: str) -> str:
    """The keyed digest that makes a message id ours."""
    return tokens.digest("mail thread", words)


def address_of(lead: Lead) -> str | None:
    """Where a mail about this lead goes, if anywhere."""
    return lead.email or lead.person.email


def write(lead: Lead, subject: str, text: str, nonce: str, leaves_at: datetime | None = None) -> Mail:
    """One of us answers by mail: it stops the clock, and leaves once this is stored. The caller has locked the lead.

    One with `leaves_at` leaves then, and stops the clock when it does. `nonce` is the form's: sent twice it is one
    mail. Raises Conflict when there is no address to write to.
    """
    address = address_of(lead)
    if not address:
        raise Conflict(_("There is no e-mail address to write to."))
    nonce = nonce if threads.is_nonce(nonce) else secrets.token_hex(6)
    found = queries.find_ours(lead.id, nonce)
    return found or _store(lead, address, subject, text, nonce, leaves_at)


def _store(lead: Lead, address: str, subject: str, text: str, nonce: str, leaves_at: datetime | None) -> Mail:
    domain = mail_domain(urlsplit(settings().public_url).hostname or "")
    mail = Mail(
        lead_id=lead.id,
        direction=Direction.OUT,
        by_id=audit.actor_id(),
        address=address,
        subject=threads.with_reference(subject, lead.reference),
        text=text,
        message_id=Thread(lead.dealership_id, lead.id, nonce).message_id(sign, domain),
        answers=queries.find_last_from_them(lead.id),
        leaves_at=leaves_at,
    )
    session.add(mail)
    session.flush()  # history, audit and outbox carry the new id
    remember(mail)
    if leaves_at is None:
        response_clock.answered(lead)
        lead.answer_waiting_at = None
    action = "lead.mail_planned" if leaves_at else "lead.mailed"
    audit.record(action, "lead", lead.id, details={"mail": mail.id}, person_id=lead.person_id)
    events.publish(MailWritten(lead.id, mail.id, leaves_at))
    return mail


def remember(mail: Mail) -> None:
    """A line of the timeline; what it says stands in the mail alone."""
    facts = {"mail": mail.id, "direction": mail.direction.value}
    kind = ActivityKind.MAIL_LATER if mail.leaves_at else ActivityKind.MAIL
    session.add(Activity(lead_id=mail.lead_id, kind=kind, at=mail.at, by_id=mail.by_id, facts=facts, text=None))


def needs_no_answer(lead: Lead) -> None:
    """What they wrote wants no answer. The caller has locked the lead."""
    if lead.answer_waiting_at is not None:
        lead.answer_waiting_at = None
        audit.record("lead.answer_not_needed", "lead", lead.id, person_id=lead.person_id)


def note_sent(mail_id: int) -> None:
    """A mail server took the mail."""
    mail = session.get(Mail, mail_id)
    if mail is not None:
        later.left(mail)
        mail.sent_at, mail.failed_at, mail.failure = clock.now(), None, None


def note_failed(mail_id: int, code: str) -> None:
    """The mail did not arrive, and will not; its writer is told, once."""
    mail = session.get(Mail, mail_id)
    if mail is None or mail.failed_at is not None:
        return
    mail.failed_at, mail.failure = clock.now(), code
    if mail.by_id is not None:
        events.publish(MailFailed(mail.lead_id, mail.id, mail.by_id))


def add_template(name: str, language: str, subject: str, body: str) -> ReplyTemplate:
    """A new text to begin answers with."""
    template = ReplyTemplate(name=name, language=language, subject=subject, body=body)
    session.add(template)
    session.flush()  # the audit carries the new id
    audit.record("template.added", "template", template.id, details={"language": language})
    return template


def change_template(template: ReplyTemplate, name: str, language: str, subject: str, body: str) -> None:
    """Other words for a template. The caller has locked it."""
    template.name, template.language, template.subject, template.body = name, language, subject, body
    audit.record("template.changed", "template", template.id, details={"language": language})


def remove_template(template: ReplyTemplate) -> None:
    """A template goes; mails that began with it stay as they are. The caller has locked it."""
    audit.record("template.removed", "template", template.id)
    session.delete(template)
