"""Monthly figures in words. Cents are shown as whole euros, rounded up: no figure promises less than is paid."""

from flask_babel import gettext as _

from kroi.catalogue.finance import rules
from kroi.catalogue.finance.queries import get_terms
from kroi.web import filters


def a_month(cents: int) -> str:
    """`€452/mo`."""
    return str(_("%(amount)s/mo", amount=filters.euros(-(-cents // 100) * 100)))


def monthly_euros(price_cents: int) -> int:
    """What a car of this price costs a month on our terms, in whole euros rounded up; 0 without a price."""
    return -(-rules.monthly_cents(price_cents, get_terms()) // 100)
