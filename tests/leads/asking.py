"""How tests ask: a form that was opened a while ago, and what somebody types into it."""

import re
from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from kroi.core import clock
from kroi.db.model import session
from kroi.leads.models import Lead
from tests.support.client import Client

_KEY = re.compile(r"(?:[?&]key=|/my/)[0-9a-f]{64}")
_TICKET = re.compile(r'name="submission"[^>]*value="([^"]+)"')
ANNA = {
    "name": "Anna-Kaisa Väänänen-Hyttinen",
    "email": "anna@example.com",
    "phone": "040 765 4321",
    "message": "Is it still there?",
    "interest": "question",
}


def ticket_in(page: str) -> str:
    """The `submission` field of a page."""
    found = _TICKET.search(page)
    assert found, "no form on this page"
    return found.group(1)


def bare(words: str) -> str:
    """An address or a page without the keys of own pages, which nobody can know before."""
    return _KEY.sub("", words)


def opened(client: Client, path: str, *, ago: float = 60, **how: Any) -> str:
    """The ticket of the form at `path`, opened `ago` seconds before now."""
    with time_machine.travel(clock.now() - timedelta(seconds=ago), tick=False):
        return ticket_in(client.get(path, **how).text)


def send(client: Client, path: str, *, ticket: str | None = None, ago: float = 60, **typed: Any) -> TestResponse:
    """Anna sends the form at `path`; `typed` says what is different this time, `None` leaves a field out."""
    data = ANNA | {"submission": ticket or opened(client, path, ago=ago)} | typed
    return client.post(path, data={name: value for name, value in data.items() if value is not None})


def leads() -> list[Lead]:
    """Every lead, oldest first."""
    return list(session.scalars(select(Lead).order_by(Lead.id)))


def only_lead() -> Lead:
    """The one lead that there is."""
    (found,) = leads()
    return found
