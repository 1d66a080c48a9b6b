"""Reads of a car's price ledger for who is about to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kroi.accounts import queries as accounts
from kroi.catalogue.editor import queries as editor
from kroi.catalogue.models import Car, PriceChange
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
    return Ledger(steps, _lowest(rows, car.listed_at))


def _lowest(rows: Sequence[PriceChange], on_sale_since: datetime | None) -> int | None:
    """What a reduction right now would have to name."""
    if on_sale_since is None:
        return None
    now = clock.now()
    history = [(each.at, each.price_cents) for each in rows]
    shown = prices.prices_within(history, max(now - prices.WINDOW, on_sale_since), now)
    return min((cents for cents in shown if cents), default=None)
