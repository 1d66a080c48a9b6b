"""Reads of a car's price ledger for who is about to change it."""

from dataclasses import dataclass
from datetime import datetime

from kroi.accounts import queries as accounts
from kroi.catalogue.editor import queries as editor
from kroi.catalogue.models import Car
from kroi.catalogue.rules import prices
from kroi.core import clock

MOST = 60  # steps that are shown


@dataclass(frozen=True)
class Step:
    """From this moment on it cost so many cents, 0 on request; `by` is who said so, `None` the system or an import."""

    at: datetime
    cents: int
    by: str | None


@dataclass(frozen=True)
class Ledger:
    """The newest steps, newest first, and the lowest price in cents that shoppers saw in the last 30 days, if any."""

    steps: list[Step]
    lowest_cents: int | None


def read(car: Car) -> Ledger:
    """The ledger of a car: two queries."""
    rows = editor.list_prices(car.id)
    newest = rows[::-1][:MOST]
    names = accounts.names(each.by_id for each in newest)
    steps = [Step(each.at, each.price_cents, names.get(each.by_id or 0)) for each in newest]
    history = [(each.at, each.price_cents) for each in rows]
    return Ledger(steps, prices.lowest_shown(history, clock.now(), car.listed_at))
