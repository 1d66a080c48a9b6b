"""Changes to dealerships."""

from sqlalchemy import select

from kroi.core.errors import Conflict, Invalid
from kroi.db.model import session
from kroi.db.transaction import after_commit
from kroi.dealerships import queries, rules
from kroi.dealerships.models import Dealership


def add(name: str, host: str) -> Dealership:
    """A new dealership under its own host name; raises Invalid or Conflict."""
    name, host = name.strip(), host.strip().lower()
    if not name:
        raise Invalid("A dealership needs a name.")
    if not rules.is_host(host):
        raise Invalid(f"{host!r} is not a host name, such as cars.example.com (no port, no http://).")
    if session.scalar(select(Dealership.id).where(Dealership.host == host)):
        raise Conflict(f"There is a dealership under {host} already.")
    added = Dealership(name=name, host=host)
    session.add(added)
    session.flush()
    after_commit(queries.forget_map)
    return added


def change_profile(dealership_id: int, **values: object) -> Dealership:
    """Set fields of a dealership's profile by column name."""
    row = session.get_one(Dealership, dealership_id)
    for name, value in values.items():
        setattr(row, name, value)
    after_commit(queries.forget_map)
    return row
