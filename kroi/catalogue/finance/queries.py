"""The terms of the dealership we act for, and what they make of a monthly budget."""

from kroi.catalogue.finance import rules
from kroi.catalogue.finance.rules import Terms
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules import Profile

_known: dict[int, tuple[Profile, Terms]] = {}  # by dealership; true of the profile as it was read


def get_terms() -> Terms:
    """On what terms our cars are financed: from memory, no query."""
    profile = dealerships.get_profile(current_dealership_id())
    known = _known.get(profile.id)
    if known is None or known[0] is not profile:
        known = _known[profile.id] = profile, Terms.stored(profile.finance)
    return known[1]


def highest_price(monthly_euros: int) -> int:
    """The highest price in cents for which the monthly figure is at most this many whole euros; 0 when there is none.

    The one place where the filter `max_monthly` becomes a bound of the price.
    """
    return rules.highest_price(monthly_euros * 100, get_terms())
