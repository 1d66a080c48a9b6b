"""Leads as a table for a spreadsheet, in which nothing that a stranger typed is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask_babel import gettext as _

from kroi.core import clock
from kroi.leads import words
from kroi.leads.models import Lead
from kroi.web import place

_BOM = "\ufeff"  # or some spreadsheets read the file in another coding
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LINES = 200  # in one piece of the answer


def separator(language: str) -> str:
    """What separates columns where that language is spoken: a semicolon where the comma stands in numbers."""
    return "," if language == "en" else ";"


def cell(value: object) -> str:
    """A value as it may stand in a sheet: an apostrophe in front keeps it text where it might be a formula."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def phone(number: str | None) -> str:
    """A number as text: a spreadsheet would take its zero or its plus away."""
    return f"'{number}" if number else ""


def pieces(leads: Iterable[Lead], language: str) -> Iterator[bytes]:
    """The file in UTF-8, some hundred lines at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator(language), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    buffer.write(_BOM)
    writer.writerow([cell(name) for name in _head()])
    for number, lead in enumerate(leads, 1):
        writer.writerow(_line(lead))
        if number % _LINES == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")


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


def _line(lead: Lead) -> list[str]:
    return [
        cell(lead.reference),
        cell(_moment(lead.received_at)),
        cell(lead.person.name),
        cell(lead.person.email),
        phone(lead.person.phone),
        cell(lead.car.title if lead.car else ""),
        cell(lead.car.stock_number if lead.car else ""),
        cell(words.INTERESTS[lead.interest]),
        cell(words.SOURCES[lead.source]),
        cell(words.STATUSES[lead.status]),
        cell(words.PRIORITIES[lead.priority]),
        cell(lead.score),
        cell(lead.assignee.name if lead.assignee else ""),
        cell(_moment(lead.first_answer_at) if lead.first_answer_at else ""),
        cell(_("yes") if lead.marketing else _("no")),
        cell(lead.message),
    ]
