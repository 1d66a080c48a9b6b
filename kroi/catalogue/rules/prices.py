"""What a price change means for what may be shown.

An announced reduction names the lowest price of the 30 days before it (Directive 98/6/EC, article 6a). Only prices
that shoppers could see count: what a draft cost before it came on sale is nobody's earlier price. A price that has been
asked for a while is no reduction any more, so what stands struck lapses.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(days=30)
SHOWN_FOR = timedelta(days=60)  # as long as a reduction is news; docs/decisions/struck-price.md
MOST_CENTS = 99_999_999_00

Step = tuple[datetime, int]
"""From this moment on the price was so many cents; 0 is on request."""


def struck_price(history: Sequence[Step], new_cents: int, at: datetime, on_sale_since: datetime | None) -> int | None:
    """The earlier price, in cents, that may stand struck beside `new_cents` from `at` on, or `None`.

    `history` are the steps before the change, oldest first.
    """
    if on_sale_since is None or new_cents == 0:
        return None
    lowest = lowest_shown(history, at, on_sale_since) or 0
    return lowest if lowest > new_cents else None


def lowest_shown(history: Sequence[Step], at: datetime, on_sale_since: datetime | None) -> int | None:
    """The lowest price, in cents, that shoppers saw within the window before `at`, or `None` when they saw none."""
    if on_sale_since is None:
        return None
    shown = prices_within(history, max(at - WINDOW, on_sale_since), at)
    return min((cents for cents in shown if cents), default=None)


def struck_until(struck_cents: int | None, at: datetime) -> datetime | None:
    """Until when a price struck by a reduction at this moment may be shown."""
    return at + SHOWN_FOR if struck_cents else None


def shown_struck(struck_cents: int | None, until: datetime | None, price_cents: int, now: datetime) -> int | None:
    """The stored struck price, in cents, if it may be shown now."""
    lasts = until is not None and now < until
    return struck_cents if struck_cents and lasts and struck_cents > price_cents > 0 else None


def prices_within(history: Sequence[Step], start: datetime, end: datetime) -> list[int]:
    """Every price that held at some time from `start` until just before `end`."""
    before = [cents for moment, cents in history if moment <= start]
    return before[-1:] + [cents for moment, cents in history if start < moment < end]
