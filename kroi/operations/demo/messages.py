"""The demo's mails: templates to answer with, one answer that came back, and notices that were read long ago."""

from sqlalchemy import func, select, update

from kroi.accounts import audit
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.mail import service
from kroi.leads.mail.models import Direction, Mail
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from kroi.notifications.models import Notice

_TEMPLATES = (
    (
        "Time for a test drive",
        "en",
        "{car}",
        "Hello {name},\n\nyou are welcome to drive the {car}. When suits you?\n\n{me}",
    ),
    ("Price and photos", "en", "{car}", "Hello {name},\n\nthe {car} costs {price}. All photos: {link}\n\n{me}"),
    ("Koeajoaika", "fi", "{car}", "Hei {name},\n\ntervetuloa koeajamaan {car}. Milloin sopisi?\n\n{me}"),
    ("Hinta ja kuvat", "fi", "{car}", "Hei {name},\n\n{car} maksaa {price}. Kaikki kuvat: {link}\n\n{me}"),
    ("Tid för provkörning", "sv", "{car}", "Hej {name},\n\nvälkommen att provköra {car}. När passar det?\n\n{me}"),
)


def leave() -> None:
    """In the transaction of who loads the demo."""
    for template in _TEMPLATES:
        service.add_template(*template)
    newest = select(func.max(Lead.id)).scalar_subquery()
    session.execute(update(Notice).where(Notice.lead_id != newest).values(read_at=Notice.at))
    lead = session.scalar(
        select(Lead)
        .where(Lead.status == LeadStatus.QUALIFIED, Lead.email.is_not(None), Lead.assignee_id.is_not(None))
        .order_by(Lead.id.desc())
        .limit(1)
    )
    if lead is not None:
        _talk(lead)


def _talk(lead: Lead) -> None:
    with audit.acting_as(lead.assignee_id):
        ours = service.write(lead, "The car", "Hello, the car is here and ready. Does Saturday suit you?", "")
        service.note_sent(ours.id)
    theirs = Mail(
        lead_id=lead.id,
        direction=Direction.IN,
        at=clock.now(),
        address=ours.address,
        subject=f"Re: {ours.subject}",
        text="Saturday at eleven is fine. Can I bring my old car along?",
        message_id="<demo@example.com>",
        answers=ours.message_id,
    )
    session.add(theirs)
    session.flush()  # history carries the new id
    service.remember(theirs)
    lead.answer_waiting_at = theirs.at
