"""Reads of mails and templates; changes nothing."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.leads.mail.models import Direction, Mail, MailReceipt, ReplyTemplate
from kroi.leads.models import Lead


def find_ours(lead_id: int, nonce: str) -> Mail | None:
    """The mail of a lead whose Message-ID was made from `nonce`."""
    marked = Mail.message_id.contains(f".{nonce}.", autoescape=True)
    return session.scalar(select(Mail).where(Mail.lead_id == lead_id, Mail.direction == Direction.OUT, marked).limit(1))


def lock(lead_id: int, mail_id: int) -> Mail:
    """A mail of this lead, held for a change; raises NotFound."""
    query = select(Mail).where(Mail.id == mail_id, Mail.lead_id == lead_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such e-mail."))
    return found


def find_last_from_them(lead_id: int) -> str | None:
    """The Message-ID of the last mail that came in about a lead."""
    query = select(Mail.message_id).where(Mail.lead_id == lead_id, Mail.direction == Direction.IN)
    return session.scalar(query.order_by(Mail.at.desc(), Mail.id.desc()).limit(1))


def count_from_them(lead_id: int, since: datetime) -> int:
    """How many mails came in about a lead since then."""
    query = select(func.count(Mail.id)).where(Mail.lead_id == lead_id, Mail.direction == Direction.IN)
    return session.scalar(query.where(Mail.at >= since)) or 0


def find_lead(reference: str) -> Lead | None:
    """The lead with this reference."""
    return session.scalar(select(Lead).where(Lead.reference == reference))


def is_taken(mailbox: str, validity: int, uid: int, key: str) -> bool:
    """Was this message of a mailbox, or the same one under another number, taken in before?"""
    numbered = (MailReceipt.mailbox == mailbox) & (MailReceipt.validity == validity) & (MailReceipt.uid == uid)
    return (
        session.scalar(select(MailReceipt.id).where(numbered | (MailReceipt.message_key == key)).limit(1)) is not None
    )


def list_templates() -> list[ReplyTemplate]:
    """All templates, by language and name."""
    return list(session.scalars(select(ReplyTemplate).order_by(ReplyTemplate.language, ReplyTemplate.name)))


def list_templates_in(language: str, otherwise: str) -> list[ReplyTemplate]:
    """The templates in a language, or where there are none in the other one, by name; at most twelve."""
    found = [each for each in list_templates() if each.language in (language, otherwise)]
    return ([each for each in found if each.language == language] or found)[:12]


def lock_template(template_id: int) -> ReplyTemplate:
    """A template, held for a change; raises NotFound."""
    query = select(ReplyTemplate).where(ReplyTemplate.id == template_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such template."))
    return found
