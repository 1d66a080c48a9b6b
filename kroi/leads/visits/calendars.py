"""A visit as an iCalendar file (RFC 5545), for the shopper's calendar or ours."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _

from kroi.core import clock
from kroi.dealerships.rules.places import Place
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus
from kroi.web.settings import settings

_MOST_OCTETS = 75  # of a line, its end left out


@dataclass(frozen=True)
class Parties:
    """Who asks whom by mail: bare addresses."""

    organizer: str
    attendee: str


def write(visit: Appointment, where: Place, parties: Parties | None = None) -> bytes:
    """The file for one visit whose car is loaded. One for `parties` changes what they have of it already."""
    gone = is_over(visit)
    what = _("Test drive: %(car)s", car=visit.car.title) if visit.car else _("Visit")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kroi//Visits//EN",
        f"METHOD:{method(visit) if parties else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:visit-{visit.dealership_id}-{visit.series or visit.id}@{_domain()}",
        f"DTSTAMP:{_moment(clock.now())}",
        f"LAST-MODIFIED:{_moment(visit.updated_at)}",
        f"SEQUENCE:{visit.revision}",
        f"DTSTART:{_moment(visit.starts_at)}",
        f"DTEND:{_moment(visit.ends_at)}",
        f"SUMMARY:{_text(what)}",
        f"LOCATION:{_text(', '.join(filter(None, (where.name, where.address))))}",
        *(_invitation(parties) if parties else ()),
        f"STATUS:{'CANCELLED' if gone else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(map(_folded, lines)).encode()


def is_over(visit: Appointment) -> bool:
    """Will nobody come then?"""
    return visit.status in (VisitStatus.CANCELLED, VisitStatus.MOVED)


def method(visit: Appointment) -> str:
    """What a mail with the file asks a calendar to do (RFC 5546)."""
    return "CANCEL" if is_over(visit) else "REQUEST"


def _invitation(parties: Parties) -> tuple[str, str]:
    """Both have agreed already: no calendar need ask, or answer."""
    organizer = f"ORGANIZER:mailto:{parties.organizer}"
    return organizer, f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{parties.attendee}"


def _domain() -> str:
    """What makes its identity unique in the world."""
    return urlsplit(settings().public_url).hostname or "kroi"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return " ".join(words.split())


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, each but the first begun with a space, no letter cut in two."""
    pieces, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _MOST_OCTETS:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += octets
    return "\r\n".join(pieces)
