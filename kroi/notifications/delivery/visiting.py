"""Letters about visits: what became of one, and that it is tomorrow; with a file for the shopper's calendar."""

from dataclasses import replace

from kroi.core import clock
from kroi.leads.events import VisitNews
from kroi.leads.mail import service as mails
from kroi.leads.models import Lead
from kroi.leads.own_page import queries as own_pages
from kroi.leads.rules import LeadStatus
from kroi.leads.visits import calendars, words
from kroi.leads.visits import queries as visits
from kroi.leads.visits.calendars import Parties
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus
from kroi.notifications.delivery.desks import Desk
from kroi.notifications.delivery.rules import Letter, Sheet
from kroi.notifications.models import Outbox
from kroi.notifications.rules import REMINDER
from kroi.web.place import Place, speaking


def write(message: Outbox, lead: Lead, desk: Desk) -> Letter | None:
    """The letter, or `None` when it is not true any more, or nobody has an address for it."""
    visit = visits.find(int((message.facts or {}).get("visit", 0)))
    address = mails.address_of(lead)
    if visit is None or not address or not _is_true(str(message.event), visit, lead):
        return None
    where = visits.place_of(visit.car_id)
    letter = desk.write(
        "visit",
        desk.language_of(lead),
        address,
        lead,
        visit=visit,
        what=message.event,
        where=where,
        words=words,
        key=own_pages.find_key(lead.id),
    )
    profile = desk.profile
    with speaking(Place(desk.language_of(lead), profile.language, profile.currency, profile.zone)):
        content = calendars.write(visit, where, Parties(desk.sender, address)).decode()
    sheet = Sheet("visit.ics", "calendar", content, {"method": calendars.method(visit)})
    return replace(letter, message_id=desk.identity(message, lead.id), sheet=sheet)


def _is_true(what: str, visit: Appointment, lead: Lead) -> bool:
    """Is there still this to say?"""
    if what == VisitNews.CANCELLED:
        return visit.status is VisitStatus.CANCELLED
    if visit.status is not VisitStatus.BOOKED or visit.starts_at <= clock.now():
        return False
    return what != REMINDER or lead.status is not LeadStatus.LOST
