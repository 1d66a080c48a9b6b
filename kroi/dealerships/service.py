"""Changes to dealerships."""

from dataclasses import replace

from sqlalchemy import select

from kroi.core.errors import Conflict, Invalid, NotFound
from kroi.db.model import session
from kroi.db.transaction import after_commit
from kroi.dealerships import queries, rules
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules.quotas import Quotas


def add(name: str, host: str) -> Dealership:
    """A new dealership under its own host name; raises Invalid or Conflict."""
    name = name.strip()
    if not name:
        raise Invalid("A dealership needs a name.")
    host = _free(host)
    added = Dealership(name=name, host=host)
    session.add(added)
    session.flush()
    after_commit(queries.forget_map)
    return added


def add_host(dealership_id: int, host: str) -> Dealership:
    """One more name under which it is found; raises Invalid or Conflict."""
    row = session.get_one(Dealership, dealership_id)
    return change_profile(row.id, other_hosts=[*row.other_hosts, _free(host)])


def remove_host(dealership_id: int, host: str) -> Dealership:
    """It is no longer found under this name; of its main one the next takes the place. Raises NotFound or Conflict."""
    row, host = session.get_one(Dealership, dealership_id), host.strip().lower()
    others = [each for each in row.other_hosts if each != host]
    if host == row.host:
        if not others:
            raise Conflict(f"{host} is its only name. Add another one first.")
        return change_profile(row.id, host=others[0], other_hosts=others[1:])
    if host not in row.other_hosts:
        raise NotFound(f"It is not found under {host} anyway.")
    return change_profile(row.id, other_hosts=others)


def limit(dealership_id: int, **limits: int | None) -> Quotas:
    """Set limits by name, `None` for none; the others stay."""
    row = session.get_one(Dealership, dealership_id)
    quotas = replace(Quotas.read(row.quotas), **limits)
    change_profile(row.id, quotas=quotas.data())
    return quotas


def _free(host: str) -> str:
    """The host name as it is kept; raises Invalid when it is none, and Conflict when it is taken."""
    host = host.strip().lower()
    if not rules.is_host(host):
        raise Invalid(f"{host!r} is not a host name, such as cars.example.com (no port, no http://).")
    taken = (name for row in session.scalars(select(Dealership)) for name in (row.host, *row.other_hosts))
    if host in taken:
        raise Conflict(f"There is a dealership under {host} already.")
    return host


def change_profile(dealership_id: int, **values: object) -> Dealership:
    """Set fields of a dealership's profile by column name."""
    row = session.get_one(Dealership, dealership_id)
    for name, value in values.items():
        setattr(row, name, value)
    after_commit(queries.forget_map)
    return row
