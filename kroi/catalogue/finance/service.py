"""Changing the terms on which a dealership's cars are financed."""

from sqlalchemy import select

from kroi.accounts import audit
from kroi.cache import forget
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.finance.rules import Terms
from kroi.catalogue.models import Car
from kroi.catalogue.rules import ON_SALE
from kroi.core import events
from kroi.core.errors import Invalid
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import service as dealerships


def put_terms(terms: Terms) -> None:
    """From now on every monthly figure is made on these terms; raises Invalid with what cannot be."""
    if problem := terms.problem():
        raise Invalid(problem)
    mine = current_dealership_id()
    dealerships.change_profile(mine, finance=terms.to_store())
    audit.record("change finance terms", "dealership", mine, details=dict(terms.to_store()))
    forget("cars")
    # Every page that shows a monthly figure is out of date.
    events.publish(CarsChanged(tuple(session.scalars(select(Car.id).where(Car.status.in_(ON_SALE))))))
