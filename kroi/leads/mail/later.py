"""Mails that wait for their time. One is no answer until it leaves: the clock runs on, and who waits still waits."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from kroi.accounts import audit
from kroi.core import clock, events
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.leads import queries as leads
from kroi.leads.clock import service as response_clock
from kroi.leads.events import MailHurried, MailRecalled
from kroi.leads.mail.models import Direction, Mail
from kroi.leads.mail.rules.later import CANCELLED
from kroi.leads.models import Activity, ActivityKind, Lead


def recall(lead: Lead, mail: Mail) -> None:
    """It does not leave; saying so twice changes nothing. The caller has locked both; raises Conflict: it has left."""
    if mail.failure == CANCELLED:
        return
    _refuse_gone(mail)
    mail.failed_at, mail.failure = clock.now(), CANCELLED
    _audited("lead.mail_recalled", lead, mail)
    events.publish(MailRecalled(mail.id))


def hurry(lead: Lead, mail: Mail) -> None:
    """It leaves now, and is the answer. The caller has locked both; raises Conflict when it waits no more."""
    _refuse_gone(mail)
    answers(lead, mail)
    mail.leaves_at = None
    events.publish(MailHurried(mail.id))


def hold(mail_id: int) -> None:
    """Lock the lead of a mail that waited, before anything else of it: in this order nobody waits in a ring."""
    mail = session.get(Mail, mail_id)
    if mail is not None and mail.leaves_at is not None:
        leads.lock(mail.lead_id)


def left(mail: Mail) -> None:
    """A mail that waited has left: now it is an answer. The caller holds its lead."""
    if mail.leaves_at is not None and mail.sent_at is None:
        answers(session.get_one(Lead, mail.lead_id), mail)


def answers(lead: Lead, mail: Mail) -> None:
    """From now on the mail counts as written: it stops the clock, and answers all that came before it was written."""
    written_at, mail.at = mail.at, clock.now()
    line = _line(mail)
    if line is not None:
        line.kind, line.at = ActivityKind.MAIL, mail.at
    response_clock.answered(lead)
    if lead.answer_waiting_at is not None:
        lead.answer_waiting_at = _first_since(lead, written_at)
    _audited("lead.mailed", lead, mail)


def _first_since(lead: Lead, moment: datetime) -> datetime | None:
    """When they first wrote after that: an answer that was put into words before does not answer it."""
    by_mail = select(func.min(Mail.at)).where(Mail.lead_id == lead.id, Mail.direction == Direction.IN, Mail.at > moment)
    on_page = select(func.min(Activity.at)).where(
        Activity.lead_id == lead.id, Activity.kind == ActivityKind.WRITTEN, Activity.at > moment
    )
    return min(filter(None, (session.scalar(by_mail), session.scalar(on_page))), default=None)


def _line(mail: Mail) -> Activity | None:
    query = select(Activity).where(
        Activity.lead_id == mail.lead_id,
        Activity.kind == ActivityKind.MAIL_LATER,
        Activity.facts["mail"].as_integer() == mail.id,
    )
    return session.scalar(query)


def _refuse_gone(mail: Mail) -> None:
    if mail.leaves_at is None or mail.sent_at is not None or mail.failed_at is not None:
        raise Conflict(_("This mail has left, or will not leave any more."))


def _audited(action: str, lead: Lead, mail: Mail) -> None:
    audit.record(action, "lead", lead.id, details={"mail": mail.id}, person_id=lead.person_id)
