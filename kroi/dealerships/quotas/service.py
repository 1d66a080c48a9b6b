"""Saying no when a dealership is full, in words for whoever meets the limit."""

from flask_babel import gettext as _

from kroi.core.errors import Conflict
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries
from kroi.dealerships.rules.quotas import MEGABYTE, Quotas


class Full(Conflict):
    """There is no room for more."""


def limits() -> Quotas:
    """What our dealership may have."""
    return queries.get_profile(current_dealership_id()).quotas


def check_users(number: int) -> None:
    """May so many people be on the staff? Raises Full."""
    most = limits().users
    if most is not None and number > most:
        raise Full(
            _(
                "The staff is limited to %(most)s. Switch somebody off, or ask whoever runs Kroi for more.",
                most=most,
            )
        )


def check_cars(number: int) -> None:
    """May so many cars be in stock? Raises Full."""
    most = limits().cars
    if most is not None and number > most:
        raise Full(
            _(
                "The stock is limited to %(most)s. Sell or withdraw a car, or ask whoever runs Kroi for more.",
                most=most,
            )
        )


def check_storage(used: int) -> None:
    """May there be more pictures beside so many bytes? Raises Full."""
    most = limits().storage_mb
    if most is not None and used >= most * MEGABYTE:
        raise Full(_("Pictures are limited to %(most)s MB. Ask whoever runs Kroi for more.", most=most))
