"""An instalment credit for a car: what it costs a month, what it costs in all, and its annual percentage rate.

The rate is that of Directive 2008/48/EC, annex I: the yearly X at which the payments, each divided by (1 + X) to the
power of the years until it is due, add up to the amount of credit; a month is a twelfth of a year, and X is given to
one decimal of a percent. Decimal throughout; money is whole cents.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Any, Self

from kroi.catalogue.rules.prices import MOST_CENTS

MOST_MONTHS = 120
MOST_DOWN = Decimal(90)  # percent of the price: of less than a tenth nobody makes a credit
_MOST_TENTHS = 100_000  # of a percent: where the search for a rate ends
_CENT = Decimal(1)

Payment = tuple[int, int]
"""After so many months, so many cents."""


@dataclass(frozen=True)
class Terms:
    """On what terms a dealership's cars are financed. Percentages as Decimal, fees in cents."""

    down_percent: Decimal = Decimal(20)
    """Of the price, paid at once."""
    months: int = 60
    rate_percent: Decimal = Decimal("5.9")
    """Nominal, a year."""
    opening_cents: int = 190_00
    """The fee for opening the credit, paid with the instalments."""
    fee_cents: int = 9_00
    """The fee that comes with every instalment."""

    @classmethod
    def stored(cls, values: Mapping[str, Any]) -> Self:
        """The terms as a dealership keeps them; what it does not name is the default."""
        types = {field.name: type(getattr(cls, field.name)) for field in fields(cls)}
        return cls(**{name: types[name](value) for name, value in values.items() if name in types})

    def to_store(self) -> dict[str, str | int]:
        """The same as plain values: Decimals as text."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()}

    def problem(self) -> str:
        """What cannot be, in a sentence; empty when all is well."""
        if not 0 <= self.down_percent <= MOST_DOWN:
            return f"The down payment is a percentage from 0 to {MOST_DOWN}."
        if not 1 <= self.months <= MOST_MONTHS:
            return f"A credit runs for 1 to {MOST_MONTHS} months."
        if not 0 <= self.rate_percent <= 100:
            return "The nominal rate is a percentage from 0 to 100."
        return "" if min(self.opening_cents, self.fee_cents) >= 0 else "A fee cannot be less than nothing."


@dataclass(frozen=True)
class Quote:
    """One credit, worked out. All money in cents; `apr` in percent with one decimal."""

    down_cents: int
    credit_cents: int
    months: int
    monthly_cents: int
    cost_cents: int
    """Interest and fees together."""
    total_cents: int
    """Down payment and all instalments."""
    apr: Decimal


@lru_cache(maxsize=16_384)
def monthly_cents(price_cents: int, terms: Terms) -> int:
    """What a car of this price costs a month; never falls when the price rises, and is 0 for price 0."""
    credit = price_cents - down_cents(price_cents, terms)
    return _instalment(credit, terms, terms.months) if credit else 0


def down_cents(price_cents: int, terms: Terms) -> int:
    """The usual down payment; part of a cent is left out, so that some credit is left of any price."""
    return int(price_cents * terms.down_percent / 100)


@lru_cache(maxsize=1024)
def highest_price(most_monthly_cents: int, terms: Terms) -> int:
    """The highest price, in cents, that costs at most this much a month; 0 when none does."""
    prices = range(MOST_CENTS + 1)
    return bisect_right(prices, most_monthly_cents, key=lambda cents: monthly_cents(cents, terms)) - 1


def quote(price_cents: int, terms: Terms, *, down: int | None = None, months: int | None = None) -> Quote:
    """The credit for a car of this price (over 0), with this down payment (cents) and so many months, or the usual.

    A down payment above the most is taken as the most, so that there is always something to finance.
    """
    paid = down_cents(price_cents, terms) if down is None else min(down, most_down_cents(price_cents))
    months, credit = months or terms.months, price_cents - paid
    monthly = _instalment(credit, terms, months)
    instalments = monthly * months
    rate = apr(credit, [(month, monthly) for month in range(1, months + 1)])
    return Quote(paid, credit, months, monthly, instalments - credit, paid + instalments, rate)


def most_down_cents(price_cents: int) -> int:
    """The most that may be paid at once, in whole euros."""
    return int(price_cents * MOST_DOWN / 100) // 100 * 100


def apr(credit_cents: int, payments: Sequence[Payment]) -> Decimal:
    """The annual percentage rate of charge in percent, rounded half up to one decimal, as annex I asks; not below 0.

    X is at least some rate exactly when, discounted at that rate, the payments are still worth the credit. So the
    tenth that X rounds to is found by halves, without coming near to X.
    """
    tenths = range(1, _MOST_TENTHS)
    return Decimal(bisect_left(tenths, True, key=lambda n: _worth(payments, n - Decimal("0.5")) < credit_cents)) / 10


def _worth(payments: Sequence[Payment], tenths: Decimal) -> Decimal:
    """What the payments are worth today, at a yearly rate of so many tenths of a percent."""
    month = _month(tenths)
    worth, due = Decimal(0), 0
    for months, cents in sorted(payments, reverse=True):  # from the last one back, so that no power is high
        gap = max(due - months, 0)
        worth, due = worth * (month if gap == 1 else month**gap) + cents, months
    return worth * month**due


@lru_cache(maxsize=4096)
def _month(tenths: Decimal) -> Decimal:
    """What one cent that is due in a month is worth today, at a yearly rate of so many tenths of a percent."""
    return (1 + tenths / 1000) ** (Decimal(-1) / 12)


def _instalment(credit_cents: int, terms: Terms, months: int) -> int:
    """Equal instalments of credit and opening fee, rounded up so that the last one never pays for the others."""
    owed = (credit_cents + terms.opening_cents) * _share(terms.rate_percent, months)
    return int(owed.quantize(_CENT, ROUND_CEILING)) + terms.fee_cents


@lru_cache(maxsize=1024)
def _share(rate_percent: Decimal, months: int) -> Decimal:
    """What one cent owed costs a month: the annuity factor."""
    rate = rate_percent / 1200
    return rate / (1 - (1 + rate) ** -months) if rate else Decimal(1) / months
