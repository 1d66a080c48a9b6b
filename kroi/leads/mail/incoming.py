"""What came into the mailbox: threaded onto its lead, a new lead, a failure of one of ours, or none of these; once."""

import enum
import re
from dataclasses import dataclass
from datetime import timedelta
from email.utils import getaddresses

import email_validator

from kroi.catalogue.models import Car
from kroi.core import clock, events
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import run_in_transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules import Profile
from kroi.leads import queries as leads
from kroi.leads.events import AnswerCame
from kroi.leads.intake import service as intake
from kroi.leads.mail import attachments, queries, service
from kroi.leads.mail.attachments import Hanging
from kroi.leads.mail.models import Direction, Mail, MailReceipt
from kroi.leads.mail.rules import reading, threads
from kroi.leads.mail.rules.reading import Read
from kroi.leads.mail.rules.threads import Thread
from kroi.leads.models import Lead
from kroi.leads.people import rules as contacts
from kroi.leads.rules import InquiryDraft, LeadStatus, Sending, Source
from kroi.web import tokens
from kroi.web.settings import settings

MOST_A_DAY = 50  # mails about one lead that are taken in
_CAR = re.compile(r"/cars/([a-z0-9-]{1,300})")
_MOST_MESSAGE = 4000


class Outcome(enum.StrEnum):
    """What became of a message."""

    KNOWN = "known"
    THREADED = "threaded"
    NEW_LEAD = "new_lead"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    TOO_MANY = "too_many"
    NO_SENDER = "no_sender"
    NOT_OURS = "not_ours"


@dataclass(frozen=True)
class Origin:
    """Where a message lies: a mailbox (digest), its UIDVALIDITY, and the UID."""

    mailbox: str
    validity: int
    uid: int


def take(raw: bytes, origin: Origin) -> Outcome:
    """Take in one message, whole or not at all. What was taken in before changes nothing."""
    mail = reading.read(raw)
    thread = _thread(mail)
    dealership_id = thread.dealership_id if thread else _addressed(mail)
    if dealership_id not in {profile.id for profile in dealerships.list_profiles()}:
        return Outcome.NOT_OURS
    session.rollback()
    with acting_for(dealership_id):
        hanging = attachments.prepare(mail) if _may_be_kept(mail, origin) else Hanging()
        outcome = run_in_transaction(lambda: _take(mail, thread, origin, hanging))
        attachments.discard_unkept(hanging)
    return outcome


def _may_be_kept(mail: Read, origin: Origin) -> bool:
    """Is it worth looking at what hangs on it?"""
    if not mail.files or mail.automatic or mail.bounce is not None:
        return False
    known = queries.is_taken(origin.mailbox, origin.validity, origin.uid, mail.key())
    session.rollback()  # no transaction stays open while pictures are drawn
    return not known


def _thread(mail: Read) -> Thread | None:
    if mail.bounce is not None:
        return threads.named(mail.bounce, service.sign)
    return threads.named(mail.answers, service.sign) or threads.addressed(mail.recipients, service.sign)


def _addressed(mail: Read) -> int:
    """The dealership that the mail was sent to; 0 when there are several, and it names none."""
    profiles = dealerships.list_profiles()
    named = {_bare(address) for _name, address in getaddresses([mail.recipients[:10_000]])}
    for profile in profiles:
        if profile.email and profile.email.lower() in named:
            return profile.id
    return profiles[0].id if len(profiles) == 1 else 0


def _bare(address: str) -> str:
    """An address without what stands after a plus."""
    local, _at, domain = address.lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _take(mail: Read, thread: Thread | None, origin: Origin, hanging: Hanging) -> Outcome:
    dialects.lock_named(session, f"mailbox {current_dealership_id()}")
    if queries.is_taken(origin.mailbox, origin.validity, origin.uid, mail.key()):
        return Outcome.KNOWN
    outcome = _place(mail, thread, hanging)
    session.add(
        MailReceipt(
            mailbox=origin.mailbox,
            validity=origin.validity,
            uid=origin.uid,
            message_key=mail.key(),
            outcome=outcome.value,
        )
    )
    return outcome


def _place(mail: Read, thread: Thread | None, hanging: Hanging) -> Outcome:
    if mail.bounce is not None:
        return _bounced(mail, thread)
    profile = dealerships.get_profile(current_dealership_id())
    if mail.automatic:
        return Outcome.AUTOMATIC
    sender = _checked(mail.sender)
    if sender is None or sender.lower() == profile.email.lower():
        return Outcome.NO_SENDER
    lead = _lead_of(mail, thread, sender, profile)
    if lead is None:
        return _ask(mail, sender, profile, hanging)
    since = clock.now() - timedelta(days=1)
    if queries.count_from_them(lead.id, since) >= MOST_A_DAY:
        return Outcome.TOO_MANY
    return _attach(leads.lock(lead.id), mail, sender, hanging)


def _bounced(mail: Read, thread: Thread | None) -> Outcome:
    found = queries.find_ours(thread.lead_id, thread.nonce) if thread else None
    if found is not None:
        service.note_failed(found.id, f"returned {mail.status or '5.0.0'}")
    return Outcome.BOUNCE


def _checked(address: str) -> str | None:
    try:
        found = email_validator.validate_email(address, check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError:
        return None
    return str(found.normalized)


def _lead_of(mail: Read, thread: Thread | None, sender: str, profile: Profile) -> Lead | None:
    """The lead that a signed id names, else the one whose reference it names, if its person is the sender."""
    if thread is not None:
        return session.get(Lead, thread.lead_id)
    reference = threads.reference(mail.subject)
    lead = queries.find_lead(reference) if reference else None
    if lead is None:
        return None
    key = contacts.keys(sender, None, profile.country).email
    theirs = {contacts.keys(lead.email, None, profile.country).email, leads.get(lead.id).person.email_key}
    return lead if key in theirs else None


def _attach(lead: Lead, mail: Read, sender: str, hanging: Hanging) -> Outcome:
    """The lead is locked: an answer that one of us writes at this moment must not be taken for one to this mail."""
    row = _store(lead, mail, sender, hanging)
    service.remember(row)
    if lead.status is not LeadStatus.SPAM:
        lead.answer_waiting_at = lead.answer_waiting_at or row.at
        events.publish(AnswerCame(lead.id, row.id))
    return Outcome.THREADED


def _store(lead: Lead, mail: Read, sender: str, hanging: Hanging) -> Mail:
    row = Mail(
        lead_id=lead.id,
        direction=Direction.IN,
        at=clock.now(),
        address=sender,
        subject=mail.subject,
        text=mail.text,
        whole=mail.whole,
        message_id=mail.message_id,
    )
    session.add(row)
    session.flush()  # history and files carry the new id
    attachments.keep(lead, row, hanging)
    return row


def _ask(mail: Read, sender: str, profile: Profile, hanging: Hanging) -> Outcome:
    """Somebody asks by mail: like by any form, with the same limits."""
    car = _car_in(mail)
    draft = InquiryDraft(
        name=mail.sender_name or sender.partition("@")[0],
        email=sender,
        message="\n\n".join(filter(None, (mail.subject, mail.text)))[:_MOST_MESSAGE],
    )
    sending = Sending(
        nonce=mail.key(),
        made_at=None,
        source=Source.EMAIL,
        language=profile.language,
        privacy_version=profile.privacy_version,
        address=tokens.digest("mail sender", sender.lower()),
    )
    receipt = intake.submit(draft, sending, car=car, limit=settings().inquiry_limit)
    if receipt.is_new:
        row = _store(leads.lock(receipt.lead_id), mail, sender, hanging)
        if row.files:
            service.remember(row)  # its words stand in the first line already
    return Outcome.NEW_LEAD


def _car_in(mail: Read) -> Car | None:
    """The car of ours whose address stands in the mail."""
    found = _CAR.search(mail.text)
    return leads.find_car(found[1]) if found else None
