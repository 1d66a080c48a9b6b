"""A dealership with opening hours, and a shopper who books."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from werkzeug.test import TestResponse

from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealership_queries
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from kroi.leads.own_page import queries as own_pages
from kroi.leads.visits import rules
from kroi.leads.visits.models import Appointment
from tests.leads.asking import send
from tests.support.client import Client

NOW = "2026-11-24T06:00:00+02:00"  # a Tuesday, before we open
HOURS = {str(day): [["10:00", "18:00"]] for day in range(5)}


def opens(dealership: Dealership) -> None:
    """Give it opening hours, ten to six on weekdays."""
    with transaction():
        dealerships.change_profile(dealership.id, opening_hours=HOURS, time_zone="Europe/Helsinki")
    dealership_queries.forget_map()


def at(day_and_hour: str) -> datetime:
    """A moment of November 2026 on the dealership's wall, such as `24 11:00`."""
    return datetime.fromisoformat(f"2026-11-{day_and_hour}").replace(tzinfo=ZoneInfo("Europe/Helsinki")).astimezone(UTC)


def book(client: Client, slug: str, when: str, **typed: Any) -> TestResponse:
    """Anna books a test drive."""
    return send(client, f"/cars/{slug}/inquiry", interest="test_drive", slot=rules.write(at(when)), **typed)


def visits() -> list[Appointment]:
    """All visits, in the order they were made."""
    return list(session.scalars(select(Appointment).order_by(Appointment.id)))


def page_of(lead: Lead) -> str:
    """The address of a lead's own page."""
    return f"/my/{own_pages.find_key(lead.id)}"
