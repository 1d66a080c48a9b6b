"""Loading the demo: a dealership, its staff, and everything that happened to them, in one transaction."""

from pathlib import Path

from sqlalchemy import func, select, update

from kroi.accounts import service as accounts
from kroi.accounts.models import Role, User
from kroi.analytics.counting import service as counting
from kroi.catalogue.models import Car
from kroi.catalogue.worth import service as market
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealership_queries
from kroi.dealerships import service as dealerships
from kroi.leads.models import Lead
from kroi.notifications.models import Outbox
from kroi.operations.demo import coming, history, inquiries, logins, messages, rounds, rules, stock, timeline, visits
from kroi.operations.demo.rules import Calendar
from kroi.web import place
from kroi.web.place import Place


def is_wanted() -> bool:
    """Is the dealership still empty? Where somebody has begun, the demo keeps away."""
    return not any(session.scalar(select(func.count()).select_from(kind)) for kind in (Car, User))


def load(instance: Path, *, bcrypt_cost: int) -> None:
    """Fill the dealership that we act for. All of it is stored, or nothing but its name and address."""
    with transaction():
        dealerships.change_profile(current_dealership_id(), **rules.PROFILE)
    dealership_queries.forget_map()
    calendar = Calendar(clock.now(), rules.PROFILE["time_zone"])
    cars, leads = rules.cars(), rules.leads()
    pictures = stock.prepare_pictures(cars)
    known = logins.made_once(instance)
    with place.speaking(Place(zone=calendar.zone)), transaction():
        hired = _hire(known, calendar, bcrypt_cost)
        staff = {key: user.id for key, user in hired.items()}
        history.write(calendar, staff)
        ids: dict[str, int] = {}
        steps = [*stock.steps(cars, ids, pictures, calendar), *inquiries.steps(leads, cars, ids, staff, calendar)]
        timeline.play([*rounds.steps(staff, calendar), *steps], staff)
        market.put_listings(rules.market(), rules.MARKET)
        coming.book()
        messages.leave()
        _mail_was_sent()
        visits.count(calendar)
    logins.remember(instance, {key: user.password_hash for key, user in hired.items()})
    counting.roll_up()


def _hire(known: list[logins.Login], calendar: Calendar, bcrypt_cost: int) -> dict[str, User]:
    """The staff by key. They came long before the first car."""
    with clock.at(calendar.ago(400 * 1440)):
        return {
            each.key: accounts.hire(
                each.name, each.email, Role(each.role), each.password, cost=bcrypt_cost, temporary=False
            )
            for each in known
        }


def _mail_was_sent() -> None:
    """Only the newest lead is still told about: nobody wants a month's mail at once."""
    newest = select(func.max(Lead.id)).scalar_subquery()
    session.execute(update(Outbox).where(Outbox.lead_id != newest).values(sent_at=Outbox.created_at, attempts=1))
