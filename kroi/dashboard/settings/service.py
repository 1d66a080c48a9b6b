"""Storing what an owner sets: checked by the forms, audited with before and after, seen by every page at once."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from kroi.accounts import audit
from kroi.catalogue.places import queries as cars_queries
from kroi.catalogue.places import service as cars
from kroi.core import clock, events
from kroi.dashboard.settings import rules
from kroi.dashboard.settings.rules import Hours
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import service as dealerships
from kroi.dealerships.events import ProfileChanged
from kroi.dealerships.locations import service as locations
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules.places import Place
from kroi.dealerships.rules.retention import Terms, next_version

_OF_CLOCKS = {"opening_hours", "special_days", "response_targets", "time_zone"}


def save(**wanted: Any) -> bool:
    """Set columns of the dealership's own row; does that concern the clocks of leads?

    Who knows that it does calls `leads.clock.service.follow_hours` after the commit.
    """
    row = _lock()
    before = {name: getattr(row, name) for name in wanted}
    changed = rules.changes(before, wanted)
    if not changed:
        return False
    dealerships.change_profile(row.id, **changed)
    was = {name: before[name] for name in changed}
    audit.record("settings.changed", "dealership", row.id, details={"before": was, "after": changed})
    events.publish(ProfileChanged())
    return bool(_OF_CLOCKS & set(changed))


def save_terms(terms: Terms) -> None:
    """Keep things for these times; the public text that says them gets a version of its own. Nothing for the same."""
    row = _lock()  # two owners at once must not give one version to two texts
    if terms != Terms.read(row.retention):
        version = next_version(row.privacy_version, clock.today(row.time_zone))
        save(retention=terms.data(), privacy_version=version)


def save_hours(week: Hours, days: Hours) -> bool:
    """Set the ordinary week and the days that differ from today on; answers as `save` does."""
    row = _lock()
    today = clock.today(row.time_zone)
    return save(opening_hours=week, special_days=rules.with_past(row.special_days, days, today))


def save_location(place: Place, stock_numbers: Collection[str]) -> bool:
    """A location is as described (a new one with the id 0), and these cars stand there; answers as `save` does.

    Raises Conflict when another is called so, NotFound when there is none of this id.
    """
    row = _lock()
    before = locations.change(row, place) if place.id else None
    after = place if before else locations.add(row, place)
    cars.stand(cars_queries.list_car_ids(stock_numbers).values(), after.id)
    was, now = [rules.told(each) for each in (before, after)]
    audit.record("location.saved", "location", after.id, details={"before": was, "after": now})
    events.publish(ProfileChanged())
    return True


def remove_location(location_id: int) -> bool:
    """Close a location: its cars stand at the main one from now on. Answers as `save` does; raises NotFound."""
    before = locations.remove(_lock(), location_id)
    cars.stand((), location_id)
    audit.record("location.removed", "location", location_id, details={"before": rules.told(before)})
    events.publish(ProfileChanged())
    return True


def _lock() -> Dealership:
    query = select(Dealership).where(Dealership.id == current_dealership_id()).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
