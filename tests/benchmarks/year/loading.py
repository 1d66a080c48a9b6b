"""A small year in the database of a test, through Kroi's own session."""

from itertools import count

from sqlalchemy import insert, select

from kroi.accounts.audit import rules
from kroi.accounts.models import AuditHead, Role, User
from kroi.analytics.models import DailyVisitors
from kroi.analytics.reports import service as reports
from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from tests.benchmarks.year.rows import Rows
from tests.benchmarks.year.stories import House
from tests.benchmarks.year.telling import year

_FAR = 1_000_000  # keys far from those that the database gives
_times = count(1)


def load(leads: int) -> None:
    """A year of `leads` leads for the staff and the cars that are there; may be loaded again on top."""
    rows = Rows(first=next(_times) * _FAR, head=_head())
    is_first = session.scalar(select(DailyVisitors.id).limit(1)) is None
    house, owner = _house(), {"dealership_id": current_dealership_id()}
    with transaction():
        for model, some in year(rows, house, leads, visited=is_first):
            session.execute(insert(model), [each | owner for each in some], execution_options={"render_nulls": True})
        head = session.scalar(select(AuditHead)) or AuditHead()
        head.number, head.hash = rows.head
        session.add(head)
    reports.count_again()


def _head() -> tuple[int, str]:
    found = session.scalar(select(AuditHead))
    return (found.number, found.hash) if found else (0, rules.START)


def _house() -> House:
    staff = session.execute(select(User.id, User.role)).all()
    cars = session.execute(select(Car.id, Car.price_cents, Car.listed_at)).all()
    sellers = [key for key, role in staff if role is Role.SALES]
    managers = [key for key, role in staff if role is not Role.SALES]
    return House(sellers, managers, [(key, cents, listed) for key, cents, listed in cars], clock.now())
