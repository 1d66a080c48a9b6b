"""Leads as a table for a spreadsheet."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask_babel import gettext as _

from kroi.core import clock
from kroi.leads import words
from kroi.leads.models import Lead
from kroi.web import place, sheets


def phone(number: str | None) -> str:
    """A number as text: a spreadsheet would take its zero or its plus away."""
    return f"'{number}" if number else ""


def pieces(leads: Iterable[Lead], language: str) -> Iterator[bytes]:
    """The file in UTF-8, some hundred lines at a time."""
    yield from sheets.pieces(_head(), map(_line, leads), language)


def _moment(at: datetime) -> str:
    """Day and time in the dealership's zone, in the order that sorts."""
    return clock.local(at, place.current().zone).strftime("%Y-%m-%d %H:%M")


def _head() -> list[str]:
    return [
        _("Reference"),
        _("Came"),
        _("Name"),
        _("E-mail"),
        _("Phone"),
        _("Car"),
        _("Stock number"),
        _("Wish"),
        _("Source"),
        _("Status"),
        _("Priority"),
        _("Score"),
        _("Whose"),
        _("First answer"),
        _("Marketing"),
        _("Message"),
    ]


def _line(lead: Lead) -> list[object]:
    return [
        lead.reference,
        _moment(lead.received_at),
        lead.person.name,
        lead.person.email,
        phone(lead.person.phone),
        lead.car.title if lead.car else "",
        lead.car.stock_number if lead.car else "",
        words.INTERESTS[lead.interest],
        words.SOURCES[lead.source],
        words.STATUSES[lead.status],
        words.PRIORITIES[lead.priority],
        lead.score,
        lead.assignee.name if lead.assignee else "",
        _moment(lead.first_answer_at) if lead.first_answer_at else "",
        _("yes") if lead.marketing else _("no"),
        lead.message,
    ]
