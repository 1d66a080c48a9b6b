"""Monthly figures and the calculator in words.

A figure without cents is rounded up: none promises less than is paid.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, format_percent
from flask_babel import gettext as _
from flask_babel import ngettext

from kroi.catalogue import words
from kroi.catalogue.finance import rules
from kroi.catalogue.finance.queries import get_terms
from kroi.catalogue.finance.rules import Quote, Terms
from kroi.catalogue.models import Car
from kroi.catalogue.queries import CarCard
from kroi.catalogue.rules import ON_SALE
from kroi.web import filters, place
from kroi.web.urls import url_for

_MONTHS = (12, 24, 36, 48, 60, 72)
Pair = tuple[str, str]


@dataclass(frozen=True)
class Calculator:
    """One car's credit as its page shows it, and what may be chosen. `down` and `most_down` in whole euros."""

    href: str
    ask: str
    a_month: str
    currency: str
    down: int
    most_down: int
    months: int
    choices: tuple[int, ...]
    pairs: tuple[Pair, ...]
    sentence: str


def a_month(cents: int) -> str:
    """`€452/mo`."""
    here = place.current()
    return _a_month(-(-cents // 100) * 100, here.currency, here.language)


@lru_cache(maxsize=16_384)
def _a_month(cents: int, currency: str, language: str) -> str:
    return str(_("%(amount)s/mo", amount=filters.euros(cents)))


def monthly_euros(price_cents: int) -> int:
    """What a car of this price costs a month on our terms, in whole euros rounded up; 0 without a price."""
    return -(-rules.monthly_cents(price_cents, get_terms()) // 100)


def figure(car: Car | CarCard) -> str:
    """What stands beside the price: `€452/mo`; nothing for a car without a price or no longer for sale."""
    return a_month(rules.monthly_cents(car.price_cents, get_terms())) if is_offered(car) else ""


def is_offered(car: Car | CarCard) -> bool:
    """Can there be a credit for this car?"""
    return car.price_cents > 0 and car.status in ON_SALE


def calculator(car: Car, *, down: int | None = None, months: int | None = None) -> Calculator | None:
    """The car's credit with this down payment (whole euros) and so many months, or the usual; if there can be one."""
    if not is_offered(car):
        return None
    terms, price = get_terms(), car.price_cents
    choices = tuple(sorted({*_MONTHS, terms.months}))
    quote = rules.quote(
        price, terms, down=None if down is None else down * 100, months=months if months in choices else None
    )
    return Calculator(
        href=url_for("finance.show", slug=car.slug),
        ask=url_for("leads.ask", slug=car.slug, interest="finance", down=quote.down_cents // 100, months=quote.months),
        a_month=a_month(quote.monthly_cents),
        currency=words.currency(),
        down=quote.down_cents // 100,
        most_down=rules.most_down_cents(price) // 100,
        months=quote.months,
        choices=choices,
        pairs=tuple(_pairs(quote, terms)),
        sentence=_sentence(price, quote, terms),
    )


def _pairs(quote: Quote, terms: Terms) -> list[Pair]:
    return [
        (_("Credit"), exact(quote.credit_cents)),
        (_("Instalments"), _times(quote)),
        (_("Nominal interest"), percent(terms.rate_percent)),
        (_("Opening fee"), exact(terms.opening_cents)),
        (_("Monthly fee"), exact(terms.fee_cents)),
        (_("Interest and fees"), exact(quote.cost_cents)),
        (_("Total with down payment"), exact(quote.total_cents)),
        (_("Annual percentage rate"), percent(quote.apr)),
    ]


def _times(quote: Quote) -> str:
    return f"{quote.months} × {exact(quote.monthly_cents)}".replace(" ", filters.NO_BREAK)


def _sentence(price_cents: int, quote: Quote, terms: Terms) -> str:
    """The representative example that the Consumer Credit Directive asks for beside a figure."""
    months = ngettext("%(num)s month", "%(num)s months", quote.months)
    return str(
        _(
            "Example: a car of %(price)s with %(down)s paid at once leaves a credit of %(credit)s over %(months)s."
            " With %(rate)s nominal interest, a fee of %(opening)s for opening it and %(fee)s with each instalment,"
            " the annual percentage rate is %(apr)s: %(monthly)s a month, and %(total)s in all.",
            price=exact(price_cents),
            down=exact(quote.down_cents),
            credit=exact(quote.credit_cents),
            months=months,
            rate=percent(terms.rate_percent),
            opening=exact(terms.opening_cents),
            fee=exact(terms.fee_cents),
            apr=percent(quote.apr),
            monthly=exact(quote.monthly_cents),
            total=exact(quote.total_cents),
        )
    )


def exact(cents: int) -> str:
    """Money with its cents where there are some: `€396.08`, `€190`."""
    if cents % 100 == 0:
        return filters.euros(cents)
    here = place.current()
    shown: str = format_currency(Decimal(cents) / 100, here.currency, locale=here.language)
    return shown.replace(" ", filters.NO_BREAK)


def percent(value: Decimal) -> str:
    """`7.5%`, `7,5 %`: one decimal, two where there are two."""
    language = place.current().language
    pattern = Locale.parse(language).percent_formats[None].pattern.replace("0%", "0.0#%").replace("0\xa0%", "0.0#\xa0%")
    return str(format_percent(value / 100, pattern, locale=language, decimal_quantization=False))
