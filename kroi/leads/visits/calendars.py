"""A visit as an iCalendar file (RFC 5545), for the shopper's calendar or ours."""

from datetime import UTC, datetime

from flask_babel import gettext as _

from kroi.core import clock
from kroi.dealerships.rules import Profile
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus

_MOST_OCTETS = 75  # of a line, its end left out


def write(visit: Appointment, profile: Profile, domain: str) -> bytes:
    """The file for one visit whose car is loaded. `domain` makes its identity unique in the world."""
    gone = visit.status in (VisitStatus.CANCELLED, VisitStatus.MOVED)
    what = _("Test drive: %(car)s", car=visit.car.title) if visit.car else _("Visit")
    place = ", ".join(filter(None, (profile.name, profile.street, f"{profile.postal_code} {profile.city}".strip())))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kroi//Visits//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:visit-{visit.dealership_id}-{visit.id}@{domain}",
        f"DTSTAMP:{_moment(clock.now())}",
        f"LAST-MODIFIED:{_moment(visit.updated_at)}",
        f"SEQUENCE:{int(gone)}",
        f"DTSTART:{_moment(visit.starts_at)}",
        f"DTEND:{_moment(visit.ends_at)}",
        f"SUMMARY:{_text(what)}",
        f"LOCATION:{_text(place)}",
        f"STATUS:{'CANCELLED' if gone else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(map(_folded, lines)).encode()


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
